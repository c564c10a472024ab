"""What supervisord is told: nothing that is secret, and no path, for those would need quoting."""

from collections.abc import Iterable

from app.cli.local.programs import Program

FOREVER = 2_000_000_000  # tries; each waits one second longer than the one before

SUPERVISOR = """\
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

PROGRAM = """
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


def render(programs: Iterable[Program], interpreter: str, api_url: str) -> str:
    sections = [
        PROGRAM.format(
            program=program,
            interpreter=interpreter,
            signal=program.stop_signal.removeprefix("SIG"),
            forever=FOREVER,
        )
        for program in programs
    ]
    return "".join([SUPERVISOR.format(api_url=api_url.replace("%", "%%")), *sections])
