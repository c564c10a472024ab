"""The processes of a local stack, as data."""

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from app.embedded import postgres, redis

SECRETS = ("JWT_SECRET", "SEED_PASSWORD", "DATABASE_URL", "DB_PASSWORD", "REDIS_URL")


class Program(NamedTuple):
    """`priority` orders the stop: highest first. `stop_seconds` is what it gets before it is killed."""

    name: str
    priority: int
    stop_signal: str
    stop_seconds: int

    @property
    def is_server(self) -> bool:
        return self in SERVERS

    def arguments(self, local_dir: Path) -> list[str]:
        """What follows the interpreter's name."""
        if self.is_server:
            return ["-m", "app.embedded", self.name, "--local-dir", str(local_dir)]
        return ["-m", "app" if self is API else "worker.main"]


POSTGRES = Program("postgres", 1, postgres.STOP_SIGNAL.name, 30)
REDIS = Program("redis", 1, redis.STOP_SIGNAL.name, 10)
API = Program("api", 2, "SIGTERM", 12)
WORKER = Program("worker", 2, "SIGTERM", 12)
SERVERS = (POSTGRES, REDIS)
OURS = (API, WORKER)
ALL = (*SERVERS, *OURS)


def find(name: str) -> Program:
    return next(program for program in ALL if program.name == name)


def wanted(servers: Collection[str]) -> list[Program]:
    """Our own, and of the servers those named."""
    return [program for program in ALL if not program.is_server or program.name in servers]
