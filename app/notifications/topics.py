"""What people can be told of, each with why someone is told of it."""

from typing import Final, Literal, get_args

Topic = Literal[
    "assigned",
    "commented",
    "breached",
    "answered",
    "solved",
    "to_decide",
    "decided",
    "job_ended",
    "requested",
    "low_stock",
    "created",
]

TOPICS: Final[tuple[Topic, ...]] = get_args(Topic)

REASONS: Final[dict[Topic, str]] = {
    "assigned": "You get this because someone has assigned a ticket to you.",
    "commented": "You get this because the ticket is assigned to you.",
    "breached": "You get this because the ticket is assigned to you.",
    "answered": "You get this because the ticket is yours.",
    "solved": "You get this because the ticket is yours.",
    "to_decide": "You get this because you were asked to decide.",
    "decided": "You get this because the request is yours.",
    "job_ended": "You get this because you have started the job.",
    "requested": "You get this because you are an admin.",
    "low_stock": "You get this because you are an admin.",
    "created": "You get this because you are an admin, and asked to be told of each ticket.",
}
