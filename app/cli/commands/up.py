from argparse import ArgumentParser, Namespace

from app.cli import compose, environment, target
from app.cli.environment import Environ
from app.cli.local import stack, startup


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--local", action="store_true", help="without Docker, even where a Docker engine answers")


def run(options: Namespace) -> int:
    environ = environment.read()
    start(environ, in_docker=target.is_docker(environ, local=options.local))
    return 0


def start(environ: Environ, *, in_docker: bool) -> None:
    """Start everything, and say where it is."""
    print(places(start_in_docker(environ) if in_docker else start_here(environ)))


def start_in_docker(environ: Environ) -> str:
    """Return the API's address."""
    url = compose.api_url(environ)  # before all else, for it checks the settings
    tell("Starting the containers")
    compose.up(environ)
    return url


def start_here(environ: Environ) -> str:
    """Return the API's address."""
    local = environment.for_local(environ)
    if stack.is_up(local.local_dir):
        print("Everything is up already.")
    else:
        startup.bring_up(local, tell)
    return stack.api_url(local.local_dir)


def tell(step: str) -> None:
    print(f"{step} ...", flush=True)


def places(api_url: str) -> str:
    return f"""
  API     {api_url}/api   (health: {api_url}/api/health)
  Status  ./manage.sh status
  Logs    ./manage.sh logs -f
  Stop    ./manage.sh down
"""
