from argparse import ArgumentParser, Namespace

from app.cli import compose, environment, seeding, target
from app.cli.commands import seed, up


def add_arguments(_: ArgumentParser) -> None:
    """It takes none."""


def run(_: Namespace) -> int:
    environ = environment.read()
    in_docker = target.is_docker(environ)
    url = up.start_in_docker(environ) if in_docker else up.start_here(environ)
    if (compose.app_env(environ) if in_docker else environ.get("APP_ENV")) == "production":
        print("No sample users and tickets, for APP_ENV is production: APP_ENV=development ./manage.sh adds them.")
    else:
        seed.add(environ, seeding.DEFAULT_TICKETS, in_docker=in_docker)
    print(up.places(url))
    return 0
