"""The stack in containers, by `docker compose`."""

import json
import subprocess
from collections.abc import Callable
from typing import Any

from app.cli import environment, health, how_many
from app.cli.environment import REPOSITORY, Environ
from app.cli.errors import CliError
from app.cli.processes import Process
from app.embedded import waiting

ENGINE_SECONDS = 10
HEALTH_SECONDS = 60.0
ONE_SHOT = {"migrate"}
# What compose.yaml says; here only to make the settings complete.
INSIDE = {"DATABASE_URL": "postgresql://postgres/bulkhead", "REDIS_URL": "redis://redis"}


def engine_answers() -> bool:
    """Tell whether there are a Docker engine and its compose plugin that answer within some seconds."""
    return all(_succeeds(["docker", *words]) for words in (["compose", "version"], ["info"]))


def is_there(environ: Environ) -> bool:
    """Tell whether there are containers of ours, running or not."""
    return engine_answers() and bool(output(environ, "ps", "--all", "--quiet").strip())


def start(environ: Environ, tell: Callable[[str], None]) -> str:
    """Start everything, wait until the API answers, and return its address."""
    url = api_url(environ)  # before all else, for it checks the settings
    tell("Starting the containers ...")
    run(environ, "up", "--detach", "--build", "--remove-orphans", *_as_many(environ))
    if not waiting.until(lambda: health.is_good(url), HEALTH_SECONDS):
        run(environ, "logs", "--tail", "20", "api")
        raise CliError(f"the API did not answer at {url}; above is what it wrote")
    return url


def scale(environ: Environ) -> None:
    """Have as many containers as were asked for last; what runs is left alone."""
    run(environ, "up", "--detach", "--no-recreate", *_as_many(environ))


def ask_api(environ: Environ, *words: str, typed: str | None = None) -> dict[str, Any]:
    """Run one of these commands in the API's container, with what was typed as its input; return what --json says."""
    command = ["docker", "compose", "exec", "-T", "api", "python", "-m", "app.cli", *words, "--json"]
    done = subprocess.run(
        command, cwd=REPOSITORY, env=variables(environ), input=typed, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode != 0:
        raise CliError(f"{words[0]} failed in the API's container; what it said is above")
    return dict(json.loads(done.stdout))


def said_in_api(environ: Environ, module: str, *words: str) -> str:
    """Return what a module of ours prints that is run in the API's container."""
    return output(environ, "exec", "-T", "api", "python", "-m", module, *words)


def run(environ: Environ, *words: str) -> None:
    """Run a compose command in the foreground."""
    command, told = ["docker", "compose", *words], variables(environ)
    done = subprocess.run(command, cwd=REPOSITORY, env=told, check=False)
    if done.returncode != 0:
        raise CliError(f"docker compose {words[0]} failed; what it said is above")


def ask(environ: Environ, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run a compose command, and keep what it says for the caller."""
    command, told = ["docker", "compose", *words], variables(environ)
    return subprocess.run(command, cwd=REPOSITORY, env=told, capture_output=True, text=True, check=False)


def processes(environ: Environ) -> list[Process]:
    """Return the services' containers, without pids, and without those that have done their work."""
    rows = parse_rows(output(environ, "ps", "--all", "--format", "json"))
    return [Process(row["Service"], row["State"]) for row in rows if not _is_done(row)]


def parse_rows(output: str) -> list[dict[str, Any]]:
    """Read a JSON array, as Compose wrote before 2.21, or an object a line."""
    if output.lstrip().startswith("["):
        return list(json.loads(output))
    return [json.loads(line) for line in output.splitlines() if line.strip()]


def api_url(environ: Environ) -> str:
    """Return where the API's port is published; `CliError` for a bad setting."""
    settings = environment.load(variables(environ) | INSIDE | {"APP_ENV": app_env(environ)})
    return environment.address("127.0.0.1", settings.port)


def app_env(environ: Environ) -> str:
    """Return what the containers are told: compose.yaml says production unless the environment says something else."""
    return environ.get("APP_ENV", "").strip() or "production"


def settled(environ: Environ) -> Environ:
    """Return what compose.yaml has decided for the containers, or decides as long as the environment does not."""
    return {"APP_ENV": app_env(environ), "DB_HOST": "postgres", "REDIS_HOST": "redis"}


def variables(environ: Environ) -> Environ:
    """Return the environment of `docker compose`."""
    return environ | {"JWT_SECRET": environment.jwt_secret(environ)}


def output(environ: Environ, *words: str) -> str:
    """Run a compose command and return what it printed; it reads nothing of our own input."""
    command, told = ["docker", "compose", *words], variables(environ)
    done = subprocess.run(
        command, cwd=REPOSITORY, env=told, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise CliError(f"docker compose {words[0]} failed: {done.stderr.strip()}")
    return done.stdout


def _is_done(row: dict[str, Any]) -> bool:
    return row["Service"] in ONE_SHOT and row["State"] == "exited" and row["ExitCode"] == 0


def _succeeds(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=ENGINE_SECONDS, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _as_many(environ: Environ) -> list[str]:
    numbers = how_many.read(environment.local_dir(environ))
    return [word for name, number in numbers.items() for word in ("--scale", f"{name}={number}")]
