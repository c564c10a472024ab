from argparse import Namespace
from typing import Final

from app.cli import compose, environment, samples, target
from app.cli.commands import seed, up
from app.cli.outcome import Outcome

NO_SAMPLES: Final = """\
No sample users and tickets, for APP_ENV is production: APP_ENV=development ./manage.sh adds them.
The first admin: ./manage.sh user create NAME --email EMAIL --role admin"""


def run(_: Namespace) -> Outcome:
    environ = environment.read()
    in_docker = target.is_docker(environ)
    url = up.start(environ, in_docker=in_docker)
    if (compose.app_env(environ) if in_docker else environ.get("APP_ENV")) == "production":
        print(NO_SAMPLES)
    else:
        added = seed.add(environ, samples.DEFAULT_TICKETS, in_docker=in_docker)
        print(seed.describe(added))
    return up.outcome(url)
