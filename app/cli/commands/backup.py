from argparse import ArgumentParser, Namespace

from app.cli import environment, target, turns
from app.cli.backups import archive, files, reading, taking, tools, wording
from app.cli.backups.archive import Backup


def add_arguments(parser: ArgumentParser) -> None:
    parser.description = f"{parser.description} See also: ./manage.sh backup verify, ./manage.sh restore."
    parser.add_argument("file", nargs="?", metavar="FILE", help="a new file, or a folder (default: backups/)")
    parser.add_argument("--json", action="store_true", help="for programs: with all counts and checksums")


def run(options: Namespace) -> int:
    environ, file = environment.read(), files.to_write(options.file)
    tell = wording.teller(as_json=options.json)
    with turns.backing_up(environ):
        programs = tools.find(environ, in_docker=target.is_docker(environ))
        with taking.incoming(file) as part:
            tell("Dumping the database ...")
            taking.take(programs, part)
            tell("Reading the dump back ...")
            reading.verify(programs, archive.read(taking.part_of(file)))
    backup = archive.read(file)
    wording.show(wording.as_json(backup), describe(backup), as_json=options.json)
    return 0


def describe(backup: Backup) -> str:
    return f"""
  Backup   {backup.file}   ({wording.size(backup.file.stat().st_size)}, of {wording.moment(backup.manifest.taken_at)})
  Holds    {wording.contents_of(backup)}
  Verify   ./manage.sh backup verify {backup.file}
  Restore  ./manage.sh restore {backup.file}
"""
