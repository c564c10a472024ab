"""The order of the tests: random, but that what takes minutes comes first, or at the end all would wait for it."""

from collections.abc import Sequence
from typing import Final, Protocol, TypeVar


class Located(Protocol):
    @property
    def location(self) -> tuple[str, int | None, str]: ...


Item = TypeVar("Item", bound=Located)

# At most two scenarios at once: they wait for recoveries, and for no more than so long.
CHAOS: Final = "tests/chaos/test_chaos.py"
FUZZ: Final = "tests/integration/security/test_schema_fuzz.py"
DEMO: Final = "tests/e2e/cli/test_demo.py"
CONSOLE: Final = "tests/browser/test_colors.py"  # has it built, and no other process has to wait for that


def long_ones_first(tests: Sequence[Item], processes: int) -> list[Item]:
    """Return tests so that each process, which is given as many of them as any other, begins with some that take long.

    processes: as xdist's `worksteal` has them: each begins with its share, one behind the other.
    """
    names = (CHAOS, FUZZ, CONSOLE, DEMO)
    chaos, fuzz, console, demo = ([test for test in tests if test.location[0] == name] for name in names)
    long = [chaos[::2], chaos[1::2], fuzz, console + demo]
    rest = [test for test in tests if test.location[0] not in names]
    ordered: list[Item] = []
    for number in range(processes):
        own = [test for some in long[number::processes] for test in some]
        share = (len(tests) - len(ordered)) // (processes - number)
        count = max(share - len(own), 0)
        ordered += [*own, *rest[:count]]
        rest = rest[count:]
    return ordered + rest
