from argparse import Namespace

from app.cli import console
from app.cli.outcome import Outcome


def run(_: Namespace) -> Outcome:
    was_built = console.build(print)
    said = "Built: ./manage.sh restart lets the API serve it." if was_built else "Built already, of these very sources."
    return Outcome({"built": was_built}, said)
