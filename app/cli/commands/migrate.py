from argparse import ArgumentParser, Namespace

from app.cli import compose, environment, migrations, target


def add_arguments(_: ArgumentParser) -> None:
    """It takes none."""


def run(_: Namespace) -> int:
    environ = environment.read()
    if target.is_docker(environ):
        compose.run(environ, "run", "--rm", "migrate")
    else:
        target.require_postgres(environ)
        migrations.upgrade(environment.urls(environ)["DATABASE_URL"])
    print("The database has the newest schema.")
    return 0
