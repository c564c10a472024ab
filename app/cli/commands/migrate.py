from argparse import Namespace

from app.cli import compose, databases, environment, target


def run(_: Namespace) -> int:
    environ = environment.read()
    if target.is_docker(environ):
        compose.run(environ, "run", "--rm", "migrate")
    else:
        databases.require(environ)
        databases.migrate(environ)
    print("The database has the newest schema.")
    return 0
