"""The programs that come with PostgreSQL, of the server's own version: here, or in the server's container."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final, NamedTuple

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from app.cli import compose, databases, environment
from app.cli.environment import REPOSITORY, Environ
from app.cli.errors import CliError
from app.embedded import binaries, wheels
from app.embedded.errors import complaint_in

IN_DOCKER: Final = ("docker", "compose", "exec", "-T", "postgres")
PSQL: Final = ("--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1")
INSTALLED: Final = "/usr/lib/postgresql/{major}/bin"  # where Debian and its kin have them, side by side

Child = subprocess.Popen[bytes]


class Tools(NamedTuple):
    """How the programs are called, and the database that they work on when no other is named."""

    before: tuple[str, ...]  # words in front of a program
    folder: str  # of the programs, with a slash at its end; empty in a container
    url: str  # without a password; empty in a container
    database: str
    variables: Environ

    def program(self, name: str, *words: str) -> list[str]:
        """Return the command that calls a program which needs no server."""
        return [*self.before, f"{self.folder}{name}", *words]

    def client(self, name: str, *words: str, database: str = "") -> list[str]:
        """Return the command that calls a program with a database."""
        database = database or self.database
        if self.url:
            place = [f"--dbname={make_url(self.url).set(database=database).render_as_string()}"]
        else:
            place = ["--username=bulkhead", f"--dbname={database}"]
        return self.program(name, "--no-password", *words, *place)

    @contextmanager
    def running(
        self, command: Sequence[str], *, stdin: int | IO[bytes] = subprocess.DEVNULL, stdout: int = subprocess.PIPE
    ) -> Iterator[Child]:
        """Run a program beside the block, and end it when the block fails; `CliError` when the program does.

        Ctrl-C is for the caller alone. A block that misses what the program should have printed raises EOFError.
        """
        with TemporaryFile() as complaints:
            child = subprocess.Popen(
                command,
                cwd=REPOSITORY,
                env=self.variables,
                stdin=stdin,
                stdout=stdout,
                stderr=complaints,
                start_new_session=True,
            )
            with child:
                try:
                    yield child
                except EOFError:  # it has ended too soon, and said why
                    child.kill()
                except BaseException:
                    child.kill()
                    raise
            if child.returncode != 0:
                complaints.seek(0)
                said = complaint_in(complaints.read().decode(errors="replace"))
                raise CliError(f"{self._name_in(command)} failed: {said}")

    def sql(self, script: str, *, database: str = "", **variables: str) -> str:
        """Run a script and return what it printed; `CliError` at the first statement that is refused.

        Of a variable psql makes a string or a name, as the script says: `:'name'`, `:"name"`.
        """
        bound = [f"--set={name}={value}" for name, value in variables.items()]
        with self.running(self.client("psql", *PSQL, *bound, database=database), stdin=subprocess.PIPE) as child:
            printed, _ = child.communicate(script.encode())
        return printed.decode()

    def _name_in(self, command: Sequence[str]) -> str:
        return Path(command[len(self.before)]).name


def find(environ: Environ, *, in_docker: bool) -> Tools:
    """Return the programs that go with the server; `CliError` when it does not answer, or none here has its version."""
    if in_docker:
        return _in_docker(environ)
    databases.require(environ)
    url = make_url(environment.urls(environ)["DATABASE_URL"])
    query = dict(url.query)
    if "ssl" in query:
        query["sslmode"] = query.pop("ssl")  # asyncpg's word for it, and libpq's
    password = query.pop("password", url.password)  # which libpq takes from either place
    plain = url.set(drivername="postgresql", password=None, query=query).render_as_string()
    variables = environ | ({"PGPASSWORD": str(password)} if password else {})
    return Tools((), f"{_folder(environ, databases.run(environ, _major))}/", plain, str(url.database), variables)


def offline(environ: Environ, major: int, *, in_docker: bool) -> Tools:
    """Return the programs of a version for what needs no server: those of the server's container while that runs."""
    if in_docker and any(process.name == "postgres" and process.is_running for process in compose.processes(environ)):
        return _in_docker(environ)
    return Tools((), f"{_folder(environ, major)}/", "", "", environ)


def _in_docker(environ: Environ) -> Tools:
    return Tools(IN_DOCKER, "", "", "bulkhead", compose.variables(environ))


async def _major(connection: AsyncConnection) -> int:
    return int(await connection.scalar(text("show server_version_num")) or 0) // 10_000


def _folder(environ: Environ, major: int) -> Path:
    on_path = shutil.which("pg_dump")
    for folder in (Path(INSTALLED.format(major=major)), *([Path(on_path).parent] if on_path else [])):
        if version(folder / "pg_dump") == major:
            return folder
    if "postgres" in environment.embedded(environ) or (major == binaries.POSTGRES_MAJOR and wheels.run_here()):
        folder = environment.local_dir(environ)
        folder.mkdir(parents=True, exist_ok=True)
        return binaries.ensure(folder).psql.parent
    raise CliError(
        f"pg_dump and pg_restore of PostgreSQL {major} are needed, and not here: install its client programs "
        f"(on Debian and Ubuntu: apt install postgresql-client-{major})"
    )


def version(program: Path) -> int:
    """Return a program's major version; 0 where there is no such program."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return 0
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(found[1]) if found else 0
