"""What the chart's pods run, with what they are told, is asked what Kubernetes and Prometheus ask."""

import asyncio
import functools
import sys
from subprocess import DEVNULL
from typing import Any

import httpx

from tests.support import charts
from tests.support.http import http_client
from tests.support.programs import Process
from tests.support.servers import REPOSITORY
from tests.support.system import System, free_port
from tests.support.waiting import until

TOKEN = "t" * 16
PODS = charts.pods(charts.golden("production"))


def container(process: str) -> dict[str, Any]:
    [found] = PODS[process]["containers"]
    return dict(found)


def start(system: System, process: str, **ours: str) -> Process:
    """Run its command; what is secret, and where it listens, is this test's."""
    told = {each["name"]: each["value"] for each in container(process)["env"] if "value" in each}
    _, _, module, *arguments = container(process)["command"]
    return system.start(module, *arguments, **told | {"HOST": "127.0.0.1", "METRICS_TOKEN": TOKEN} | ours)


def probes(process: str) -> list[dict[str, Any]]:
    return [probe for name, probe in container(process).items() if name.endswith("Probe")]


async def is_well(probe: dict[str, Any], client: httpx.AsyncClient, pid: int) -> bool:
    """Ask as Kubernetes does; of the workers of this machine, for a container has one alone, about that one."""
    if "httpGet" in probe:
        try:
            return (await client.get(probe["httpGet"]["path"])).is_success
        except httpx.TransportError:
            return False
    command = probe["exec"]["command"]
    asked = await asyncio.create_subprocess_exec(sys.executable, *command[1:], str(pid), cwd=REPOSITORY, stdout=DEVNULL)
    return await asked.wait() == 0


async def test_pods_start_are_well_show_metrics_and_end_in_the_time_they_have(system: System) -> None:
    metrics = free_port()
    assert start(system, "migrate").wait() == 0
    running = {
        "api": start(system, "api", PORT=str(system.port), API_PROCESSES="1"),
        "worker": start(system, "worker", METRICS_PORT=str(metrics)),
    }
    async with http_client(system.url) as client:
        for process, pod in running.items():
            for probe in probes(process):
                assert await until(functools.partial(is_well, probe, client, pod.pid), every=0.2)
        for port in (system.port, metrics):
            asked = await client.get(f"http://127.0.0.1:{port}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
            assert (asked.status_code, "bulkhead_build_info" in asked.text) == (200, True)
    for process, pod in running.items():
        pod.terminate()
        assert pod.wait(PODS[process]["terminationGracePeriodSeconds"]) in {0, -15}
