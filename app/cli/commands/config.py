import os
from argparse import Namespace

from app.cli import compose, configuration, environment, how_many, tables, target
from app.cli.configuration import Layer, Setting
from app.cli.environment import Environ
from app.cli.outcome import Outcome
from app.settings import read_environment

FAULTY = 1


def run(_: Namespace) -> Outcome:
    environ = environment.read()
    in_docker = target.is_docker(environ)
    layers = _layers(environ, in_docker=in_docker)
    found = configuration.settings_of(layers, _derived(environ, in_docker=in_docker))
    strangers = configuration.strangers([name for _, values in layers for name in values])
    data = {"settings": [setting._asdict() for setting in found], "strangers": strangers}
    is_faulty = any(setting.error for setting in found)
    return Outcome(data, as_text(found, strangers), FAULTY if is_faulty else 0)


def as_text(found: list[Setting], strangers: dict[str, str]) -> str:
    rows = [(setting.name, setting.source, _value(setting)) for setting in found]
    lines = [tables.of([("SETTING", "FROM", "VALUE"), *rows])]
    lines += [f"{name} is set, and is no setting: did you mean {close}?" for name, close in strangers.items()]
    return "\n\n".join(lines)


def _value(setting: Setting) -> str:
    value = "-" if setting.value is None else setting.value
    return f"{value}  <- wrong: {setting.error}" if setting.error else value


def _layers(environ: Environ, *, in_docker: bool) -> list[Layer]:
    """Return what has a say, the first in each matter before the others."""
    own = read_environment({}, environment.REPOSITORY / ".env")
    said: list[Layer] = [("environment", os.environ), (".env", own)]
    if in_docker:
        return [("compose.yaml", compose.settled(environ)), *said]
    number = how_many.read(environment.local_dir(environ)).get("api")
    return [("scale", {"API_PROCESSES": str(number)}), *said] if number else said


def _derived(environ: Environ, *, in_docker: bool) -> Environ:
    """Return what we put in the place of what nobody says: servers of our own, and a secret that is kept."""
    own = {"LOCAL_DIR": str(environment.local_dir(environ))}
    if in_docker or not environment.is_production(environ):
        own["JWT_SECRET"] = "x" * environment.SECRET_BYTES  # any that is long enough: it is not shown
    return own if in_docker else own | environment.embedded_urls(environ)
