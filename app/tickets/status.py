"""The states that tickets can be in. Which of them a type of ticket knows, and the arrows between them: types/."""

from typing import Final, Literal, get_args

Status = Literal[
    "open",
    "in_progress",
    "pending",
    "resolved",
    "closed",
    "pending_approval",
    "approved",
    "rejected",
    "fulfilled",
]

STATUSES: Final[tuple[Status, ...]] = get_args(Status)

# While the clock of deadlines runs, somebody here can be late. `due_at_of` and `keep_deadline` say the same in SQL.
RUNNING: Final[tuple[Status, ...]] = ("open", "in_progress", "pending_approval", "approved")
SOLVED: Final[tuple[Status, ...]] = ("resolved", "closed", "rejected", "fulfilled")
UNSOLVED: Final[tuple[Status, ...]] = tuple(status for status in STATUSES if status not in SOLVED)
