import os
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import NoReturn

from app.cli import compose, environment, target
from app.cli.environment import Environ
from app.cli.errors import CliError

DEFAULT_LINES = 50


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("service", nargs="?", help="postgres, redis, api, worker or supervisord; all if left out")
    parser.add_argument("-f", "--follow", action="store_true", help="go on as more is written, until Ctrl-C")
    parser.add_argument(
        "-n", "--lines", type=int, default=DEFAULT_LINES, help="how many of each (default: %(default)s)"
    )


def run(options: Namespace) -> int:
    environ = environment.read()
    if target.is_docker(environ):
        _show_containers(environ, options)
        return 0
    files = _files(environment.local_dir(environ) / "logs", options.service)
    return _become_tail(files, options)


def _show_containers(environ: Environ, options: Namespace) -> None:
    flags = ["--follow"] if options.follow else []
    services = [options.service] if options.service else []
    compose.run(environ, "logs", "--tail", str(options.lines), *flags, *services)


def _become_tail(files: list[Path], options: Namespace) -> NoReturn:
    flags = ["-F"] if options.follow else []
    command = ["tail", "-n", str(options.lines), *flags, "--", *map(str, files)]
    os.execvp(command[0], command)  # noqa: S606 - a tool that every system has


def _files(folder: Path, service: str | None) -> list[Path]:
    files = sorted(folder.glob("*.log"))
    if not files:
        raise CliError("nothing has been written yet: ./manage.sh up starts the processes")
    if service is not None and folder / f"{service}.log" not in files:
        raise CliError(f"there is no log of {service!r}; there is: {', '.join(file.stem for file in files)}")
    return [folder / f"{service}.log"] if service else files
