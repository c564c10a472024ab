from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType


class Health(msgspec.Struct, frozen=True):
    status: Literal["ok"] = "ok"


class Readiness(msgspec.Struct, frozen=True):
    """What requests need, and how it is; `degraded` is slower, or about to be replaced, and serves all the same."""

    status: Literal["ok", "degraded"]
    postgres: Literal["ok"]
    redis: Literal["ok", "away"]
    migrations: Literal["ok", "newer"]
    replica: Literal["ok", "left out"] | UnsetType = UNSET
