"""`./manage.sh chaos`: every scenario in its long form, and a table of what came of it."""

import argparse
import asyncio
import logging
import random
import sys
import time

from tests.chaos import report
from tests.chaos.catalog import SCENARIOS, SOAK
from tests.chaos.play import Outcome, play
from tests.chaos.unplayable import Unplayable

LONG = 10


def main() -> int:
    options = _parser().parse_args()
    names = [name for name in SCENARIOS if options.scenario.lower() in name.lower()]
    if not names:
        listed = "\n  ".join(SCENARIOS)
        sys.stderr.write(f"No scenario has {options.scenario!r} in its name. There are:\n  {listed}\n")
        return 2
    # A client that lost its server says so: it is meant to lose it.
    logging.getLogger("engineio.client").setLevel(logging.CRITICAL)
    seed = random.randrange(1_000_000) if options.seed is None else options.seed
    print(f"Seed {seed}; the same seed gives the same schedule. Soak: {options.minutes} min.", flush=True)
    played = [_play(name, seed, options.minutes if name == SOAK else LONG) for name in names]
    outcomes = [outcome for outcome in played if outcome]
    print(f"\n{report.table(outcomes)}\n")
    for outcome in outcomes:
        for fault in outcome.verdict.broken:
            print(f"{outcome.scenario}: {fault}")
    return 0 if all(outcome.verdict.is_clean for outcome in outcomes) else 1


def _play(name: str, seed: int, scale: int) -> Outcome | None:
    began = time.monotonic()
    print(f"{name} ...", end=" ", flush=True)
    try:
        outcome = asyncio.run(play(name, seed, scale))
    except Unplayable as reason:
        print(f"skipped: {reason}", flush=True)
        return None
    said = "all promises hold" if outcome.verdict.is_clean else "BROKEN"
    print(f"{said}, after {time.monotonic() - began:.0f} s", flush=True)
    return outcome


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./manage.sh chaos", description=__doc__)
    parser.add_argument("scenario", nargs="?", default="", help="play only those whose name has this in it")
    parser.add_argument("--minutes", type=_minutes, default=10, metavar="N", help="how long the soak lasts; default 10")
    parser.add_argument("--seed", type=int, metavar="S", help="play a schedule again; default a random one")
    return parser


def _minutes(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError("must be a whole number from 1")
    return int(value)


if __name__ == "__main__":
    sys.exit(main())
