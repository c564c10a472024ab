"""The settings: whether they are good, and whether .env has some that nobody reads."""

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from dotenv import dotenv_values

from app.cli.doctor.findings import Finding
from app.cli.doctor.patient import Patient
from app.cli.environment import NAMED_BY, REPOSITORY
from app.settings import Settings
from app.text import names_of

PARTS: Final = ("DB_HOST", "DB_PORT", "DB_NAME", "DB_USER", "DB_PASSWORD", "REDIS_HOST", "REDIS_PORT")
# Of others: what manage.sh, Docker and what is common to all programs read.
OF_OTHERS: Final = ("PYTHON", "PATH", "TZ", "COMPOSE_", "DOCKER_", "OTEL_")


def settings(patient: Patient) -> Finding:
    if patient.trouble:
        said, _, todo = patient.trouble.partition(". ")
        return Finding(
            "fail", said.rstrip("."), todo or "change it in the environment or in .env; .env.example explains it"
        )
    unknown = list(unread(_names_in(REPOSITORY / ".env")))
    if unknown:
        return Finding("warn", f".env has {', '.join(unknown)}", ".env.example lists all there are")
    return Finding("ok", f"APP_ENV is {patient.settings.app_env}, and every setting is good")


def unread(names: Iterable[str]) -> Iterable[str]:
    """Yield those that are no settings, each with the one that was probably meant."""
    known = [*names_of(Settings), *PARTS, *(name for named in NAMED_BY.values() for name in named)]
    for name in names:
        if name not in known and not name.startswith(OF_OTHERS):
            close = difflib.get_close_matches(name, known, n=1)
            yield f"{name}, which nobody reads" + (f" (is {close[0]} meant?)" if close else "")


def _names_in(env_file: Path) -> Iterable[str]:
    return dotenv_values(env_file).keys()
