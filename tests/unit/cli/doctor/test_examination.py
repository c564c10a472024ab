"""How findings are gathered, here or from a container, and told."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from app.cli.commands import doctor
from app.cli.doctor import containers, examination
from app.cli.doctor.findings import Finding, Skipped, Status
from app.cli.doctor.patient import Patient, planned
from app.cli.environment import Environ
from tests.support.environments import SERVERS

RUNNING = '[{"Service": "api", "State": "running", "ExitCode": 0}]'
EXITED = '[{"Service": "api", "State": "exited", "ExitCode": 1}]'
DOCKER = """#!/bin/sh
echo "$@" >> '{folder}/calls'
case "$*" in
    "compose version" | info*) exit 0 ;;
    "compose ps --all --format json") cat '{folder}/ps' ;;
    *" python -m app.cli doctor --json "*) cat '{folder}/answer'; exit 1 ;;
    *) exit 7 ;;
esac
"""


@pytest.fixture
def patient(tmp_path: Path) -> Patient:
    return Patient(planned({"LOCAL_DIR": str(tmp_path), **SERVERS}))


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environ:
    """A Docker engine answers, whose containers say what the file `answer` has."""
    docker = tmp_path / "docker"
    docker.write_text(DOCKER.format(folder=tmp_path))
    docker.chmod(0o755)
    (tmp_path / "answer").touch()
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return {"PATH": os.environ["PATH"], "LOCAL_DIR": str(tmp_path / "local")}


async def test_what_keeps_a_check_from_being_made_is_a_finding(patient: Patient) -> None:
    def skip(_: Patient) -> Finding:
        raise Skipped("nobody is there")

    async def break_down(_: Patient) -> Finding:
        raise ConnectionResetError("it hung up\nand more")

    assert await examination.look(skip, patient) == Finding("skip", "not looked at: nobody is there")
    broken = await examination.look(break_down, patient)
    assert (broken.status, broken.said) == ("fail", "it could not be looked at: ConnectionResetError: it hung up")


async def test_without_addresses_no_server_is_blamed(tmp_path: Path) -> None:
    patient = Patient(planned({"LOCAL_DIR": str(tmp_path), **SERVERS, "REDIS_PORT": "many", "REDIS_URL": ""}))
    async with patient.connected():
        found = [
            await examination.look(examination.CHECKS[name], patient) for name in ("settings", "postgres", "redis")
        ]
    assert [finding.status for finding in found] == ["fail", "skip", "skip"]
    assert found[0].said == "REDIS_PORT must be a whole number from 1 to 65535"


def test_containers_are_asked_for_what_is_beside_the_servers(environ: Environ, tmp_path: Path) -> None:
    (tmp_path / "ps").write_text(RUNNING)
    told = [{"check": "postgres", "status": "warn", "said": "old", "todo": "upgrade"}]
    (tmp_path / "answer").write_text(json.dumps({"status": "warn", "checks": told}))
    found = examination.examine(environ, ["python", "postgres"])
    assert found["python"].status == "ok"
    assert found["postgres"] == Finding("warn", "old", "upgrade")
    calls = (tmp_path / "calls").read_text().splitlines()
    assert calls[-1] == "compose exec -T api python -m app.cli doctor --json postgres"


def test_while_the_api_is_down_another_container_is_asked(environ: Environ, tmp_path: Path) -> None:
    (tmp_path / "ps").write_text(EXITED)
    found = containers.examine(environ, ["postgres", "redis"])
    assert [(name, finding.status) for name, finding in found.items()] == [("postgres", "fail"), ("redis", "skip")]
    assert found["postgres"].todo == containers.UP
    call = (tmp_path / "calls").read_text().splitlines()[-1]
    assert call.startswith("compose run --rm --no-deps -T api python -m app.cli doctor --json ")


def test_without_containers_it_says_how_to_start_them(environ: Environ, tmp_path: Path) -> None:
    (tmp_path / "ps").touch()
    found = containers.examine(environ, ["postgres", "redis"])
    assert found["postgres"] == Finding("fail", "nothing of ours is there in Docker", containers.UP)
    (tmp_path / "ps").unlink()
    assert containers.examine(environ, ["postgres"])["postgres"].said.startswith("docker compose ps failed: ")


@pytest.mark.parametrize(
    ("statuses", "code", "summary"),
    [
        (["ok", "ok"], 0, "All is well."),
        (["ok", "warn"], 3, "2 checks: 0 failed, 1 warned."),
        (["warn", "fail", "skip"], 1, "3 checks: 1 failed, 1 warned."),
    ],
)
def test_the_code_tells_whether_all_is_well(
    statuses: list[Status], code: int, summary: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = {str(number): Finding(status, "so", "do") for number, status in enumerate(statuses)}
    monkeypatch.setattr(doctor, "examine", lambda *_: found)
    assert doctor.run(options(as_json=False)) == code
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == summary
    assert lines[1].strip() == "-> do"
    assert doctor.run(options(as_json=True)) == code
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert containers.told(json.dumps(told)) == found


def options(*, as_json: bool) -> Any:
    return type("Options", (), {"checks": [], "json": as_json})


def test_a_terminal_gets_colours() -> None:
    found = {"disk": Finding("fail", "full", "free some")}
    assert doctor.as_text(found, in_color=True).startswith("\x1b[31mfail\x1b[0m  disk  full\n")
    assert doctor.as_text(found, in_color=False).startswith("fail  disk  full\n            -> free some\n")
