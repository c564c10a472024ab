"""What schemathesis loads: requests come from the bearers of TOKENS in turn, of whom one may have none."""

import itertools
import os
from typing import Any

import schemathesis

_TOKENS = itertools.cycle(os.environ["TOKENS"].split(","))


schemathesis.serializer.alias("application/x-ndjson", "text/plain")


@schemathesis.auth(refresh_interval=None)
class Callers:
    def get(self, _case: Any, _context: Any) -> str:
        return next(_TOKENS)

    def set(self, case: Any, token: str, _context: Any) -> None:
        if token:
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}
