from argparse import ArgumentParser, Namespace

from app.cli import compose, environment, target, turns
from app.cli.environment import Environ
from app.cli.local import stack
from app.cli.outcome import Outcome


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--local", action="store_true", help="without Docker, even where a Docker engine answers")


def run(options: Namespace) -> Outcome:
    environ = environment.read()
    return outcome(start(environ, in_docker=target.is_docker(environ, local=options.local)))


def check(environ: Environ, *, in_docker: bool) -> None:
    """Raise `CliError` for a setting that nothing can start with."""
    if in_docker:
        compose.api_url(environ)
    else:
        environment.for_local(environ)


def start(environ: Environ, *, in_docker: bool) -> str:
    """Start everything, and return the API's address."""
    turns.require_no_restore(environ)
    return compose.start(environ, tell) if in_docker else stack.start(environment.for_local(environ), tell)


def tell(step: str) -> None:
    print(step, flush=True)


def outcome(api_url: str) -> Outcome:
    return Outcome({"apiUrl": api_url}, _places(api_url))


def _places(api_url: str) -> str:
    return f"""
  Console {api_url}
  API     {api_url}/api   (health: {api_url}/api/health)
  Status  ./manage.sh status
  Logs    ./manage.sh logs -f
  Stop    ./manage.sh down
"""
