"""This machine: what runs here, and what is left of it."""

import platform
import shutil
import subprocess
from pathlib import Path
from typing import Final

from app.cli import compose, environment, health, node, ports
from app.cli.doctor.findings import Finding, Skipped
from app.cli.doctor.patient import Patient
from app.cli.errors import CliError
from app.cli.local import client
from app.embedded import layout, wheels

GB: Final = 10**9
MB: Final = 10**6
DISK_FAILS: Final = 1 * GB  # a Postgres that cannot write its log stops
DISK_WARNS: Final = 5 * GB
MEMORY_FAILS: Final = 100 * MB
MEMORY_WARNS: Final = 500 * MB
MEMINFO: Final = Path("/proc/meminfo")
LIVE: Final = {"status": "ok"}


def python(_: Patient) -> Finding:
    return Finding("ok", f"Python {platform.python_version()}")


def nodejs(_: Patient) -> Finding:
    """Look for what builds the console; nothing else needs it."""
    version = node.version().strip()
    if node.is_new_enough(version) and shutil.which("npm"):
        return Finding("ok", f"Node.js {version}")
    found = f"Node.js {version} is too old to build the console" if version else "no Node.js with npm on the PATH"
    if wheels.run_here():
        return Finding("ok", f"{found}: ./manage.sh build fetches one for itself")
    return Finding("warn", found, "install Node.js 20.19 or newer, with npm, or use Docker")


def port(patient: Patient) -> Finding:
    """Look whether the API has its port, or could have it."""
    host = "127.0.0.1" if patient.target == "docker" else patient.settings.host
    number = patient.settings.port
    answer = health.ask(environment.address(host, number), "/api/health/live")
    if answer is not None and answer.body == LIVE:
        return Finding("ok", f"PORT {number}: our API answers there")
    try:
        ports.require_free(host, number)
    except CliError as error:
        said, _, todo = str(error).partition(": ")
        return Finding("fail", said, todo or "set HOST to an address of this machine, such as 127.0.0.1")
    return Finding("ok", f"PORT {number} is free")


def disk(patient: Patient) -> Finding:
    place = _place_of_data(patient)
    return judge_disk(shutil.disk_usage(place).free, place)


def judge_disk(free: int, place: Path) -> Finding:
    said = f"{free / GB:.1f} GB are free where {place} is"
    if free >= DISK_WARNS:
        return Finding("ok", said)
    todo = "free some, or move the data to a larger disk: a Postgres whose disk is full stops"
    return Finding("fail" if free < DISK_FAILS else "warn", said, todo)


def memory(_: Patient) -> Finding:
    if not MEMINFO.exists():
        raise Skipped(f"there is no {MEMINFO} on this system")
    return judge_memory(available_memory(MEMINFO.read_text()))


def available_memory(meminfo: str) -> int:
    """Return how many bytes new processes could have without any swapping."""
    [line] = [line for line in meminfo.splitlines() if line.startswith("MemAvailable:")]
    return int(line.split()[1]) * 1024


def judge_memory(available: int) -> Finding:
    said = f"{available / GB:.1f} GB are available"
    if available >= MEMORY_WARNS:
        return Finding("ok", said)
    todo = "stop something else, or add memory: when there is none left, the kernel kills, and often Postgres"
    return Finding("fail" if available < MEMORY_FAILS else "warn", said, todo)


def api(patient: Patient) -> Finding:
    """Ask the API of this machine whether it can serve."""
    url = _api_url(patient)
    answer = health.ask(url, "/api/health/ready")
    if answer is not None:
        return judge_api(url, answer)
    todo = "./manage.sh up starts it; ./manage.sh logs api says why it ended"
    if patient.target == "servers":
        return Finding("warn", f"no API answers at {url}", f"if it runs elsewhere, ask it there; else {todo}")
    return Finding("fail", f"no API answers at {url}", todo)


def judge_api(url: str, answer: health.Answer) -> Finding:
    parts = ", ".join(f"{name} {answer.body.get(name) or 'unknown'}" for name in ("postgres", "redis", "migrations"))
    match answer.status, answer.body.get("status"):
        case 200, "ok":
            return Finding("ok", f"ready at {url}")
        case 200, "degraded":
            return Finding("warn", f"degraded at {url}: {parts}", "see what is said of these here")
        case 503, _ if "migrations" in answer.body:
            return Finding("fail", f"not ready at {url}: {parts}", "see what is said of these here")
    return Finding("fail", f"what answers at {url} says {answer.status}", "./manage.sh restart, if it is ours")


def _api_url(patient: Patient) -> str:
    if patient.target == "docker":
        return environment.address("127.0.0.1", patient.settings.port)
    local_dir = environment.local_dir(patient.environ)
    if client.is_answering(local_dir):
        return client.api_url(local_dir)
    return environment.address(patient.settings.host, patient.settings.port)


def _place_of_data(patient: Patient) -> Path:
    """Return the folder on whose disk the data is, as far as that is this machine's."""
    is_docker = patient.target == "docker"
    place = _docker_root() if is_docker else layout.home(environment.local_dir(patient.environ))
    return next(folder for folder in (place, *place.parents, environment.REPOSITORY) if folder.is_dir())


def _docker_root() -> Path:
    command = ["docker", "info", "--format", "{{.DockerRootDir}}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=compose.ENGINE_SECONDS, check=False)
    return Path(done.stdout.strip() or "/")
