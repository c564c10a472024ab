from argparse import Namespace

from app.cli import console


def run(_: Namespace) -> int:
    was_built = console.build(print)
    print("Built: ./manage.sh restart lets the API serve it." if was_built else "Built already, of these very sources.")
    return 0
