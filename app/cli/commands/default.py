from argparse import Namespace

from app.cli import compose, environment, samples, target
from app.cli.commands import seed, up


def run(_: Namespace) -> int:
    environ = environment.read()
    in_docker = target.is_docker(environ)
    url = up.start(environ, in_docker=in_docker)
    if (compose.app_env(environ) if in_docker else environ.get("APP_ENV")) == "production":
        print("No sample users and tickets, for APP_ENV is production: APP_ENV=development ./manage.sh adds them.")
        print("The first admin: ./manage.sh user create NAME --email EMAIL --role admin")
    else:
        seed.add(environ, samples.DEFAULT_TICKETS, in_docker=in_docker)
    print(up.places(url))
    return 0
