from argparse import ArgumentParser, Namespace

from app.cli import environment, target, turns
from app.cli.backups import archive, files, reading, restoring, tools, wording


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="what backup has written")
    parser.add_argument("--deep", action="store_true", help="restore it, too, into a database that is dropped then")
    parser.add_argument("--json", action="store_true", help="for programs: with all counts and checksums")


def run(options: Namespace) -> int:
    environ, tell = environment.read(), wording.teller(as_json=options.json)
    backup, in_docker = archive.read(files.given(options.file)), target.is_docker(environ)
    tell("Reading the dump ...")
    reading.verify(tools.offline(environ, backup.manifest.postgres_major, in_docker=in_docker), backup)
    if options.deep:
        tell("Restoring it beside the database ...")
        with turns.backing_up(environ):
            restoring.verify(tools.find(environ, in_docker=in_docker), backup)
    checked = "each row is as it was" if options.deep else "each row is there"
    text = f"{backup.file} is whole: {checked}. It holds {wording.contents_of(backup)}."
    wording.show(wording.as_json(backup) | {"restored": options.deep}, text, as_json=options.json)
    return 0
