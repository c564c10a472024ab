"""The processes of a local stack, as data, and what supervisord is told of them."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from app.embedded import postgres, redis

SECRETS = (
    *("JWT_SECRET", "SEED_PASSWORD", "BULKHEAD_TOKEN"),
    *("DATABASE_URL", "DB_PASSWORD", "DATABASE_READ_URL", "PGBOUNCER_URL", "REDIS_URL"),
)


class Program(NamedTuple):
    """`priority` orders the stop: highest first. `stop_seconds` is what it gets before it is killed."""

    name: str
    priority: int
    stop_signal: str
    stop_seconds: int

    @property
    def is_server(self) -> bool:
        return self in SERVERS


POSTGRES = Program("postgres", 1, postgres.STOP_SIGNAL.name, 30)
REDIS = Program("redis", 1, redis.STOP_SIGNAL.name, 10)
API = Program("api", 2, "SIGTERM", 12)
WORKER = Program("worker", 2, "SIGTERM", 12)
SERVERS = (POSTGRES, REDIS)
OURS = (API, WORKER)
ALL = (*SERVERS, *OURS)

SUPERVISOR = "supervisord"
FOREVER = 2_000_000_000  # tries; each waits one second longer than the one before

# Without secrets and paths: those are in the environment, and here they would need quoting.
CONFIG = """\
[unix_http_server]
file = %(ENV_BULKHEAD_CONTROL_SOCKET)s
chmod = 0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

[supervisord]
identifier = {api_url}
nodaemon = true
silent = true
umask = 077
logfile = %(ENV_LOCAL_DIR)s/logs/supervisord.log
logfile_maxbytes = 5MB
logfile_backups = 1
childlogdir = %(ENV_LOCAL_DIR)s/logs
pidfile = %(ENV_LOCAL_DIR)s/supervisord.pid
"""
CONFIG_OF_PROGRAM = """
[program:{program.name}]
command = {interpreter} -m app.cli.local.launch {program.name}
priority = {program.priority}
autostart = false
autorestart = true
startsecs = 1
startretries = {forever}
stopsignal = {signal}
stopwaitsecs = {program.stop_seconds}
redirect_stderr = true
stdout_logfile = %(ENV_BULKHEAD_LOGS)s/{program.name}.log
stdout_logfile_maxbytes = 10MB
stdout_logfile_backups = 3
"""
API_PROCESSES = 'environment = API_PROCESSES="{number}"\n'


def find(name: str) -> Program:
    """Return the program that a process of this name runs: the second worker is `worker-2`."""
    return next(program for program in ALL if program.name == name.partition("-")[0])


def wanted(servers: Collection[str], workers: int = 1) -> list[Program]:
    """Return those servers that are named, the API, and so many workers."""
    more = [WORKER._replace(name=f"{WORKER.name}-{number}") for number in range(2, workers + 1)]
    return [*(program for program in ALL if not program.is_server or program.name in servers), *more]


def config(programs: Iterable[Program], interpreter: str, api_url: str, api_processes: int | None = None) -> str:
    """Write supervisord's configuration.

    api_processes: how many share the API's port; None leaves that to the setting.
    """
    sections = [
        CONFIG_OF_PROGRAM.format(
            program=program,
            interpreter=interpreter,
            signal=program.stop_signal.removeprefix("SIG"),
            forever=FOREVER,
        )
        + (API_PROCESSES.format(number=api_processes) if api_processes and program is API else "")
        for program in programs
    ]
    return "".join([CONFIG.format(api_url=api_url.replace("%", "%%")), *sections])
