"""What the API says of itself; asked directly, whatever proxies the environment names."""

import http.client
import json
from contextlib import closing
from typing import Any, NamedTuple
from urllib.parse import urlsplit

ANSWER_SECONDS = 2.0
READY_SECONDS = 5.0  # two of which it gives Postgres and Redis


class Answer(NamedTuple):
    status: int
    body: dict[str, Any]


def is_good(api_url: str) -> bool:
    """Tell whether GET /api/health answers 200."""
    answer = ask(api_url, "/api/health", ANSWER_SECONDS)
    return answer is not None and answer.status == http.HTTPStatus.OK


def ask(api_url: str, path: str, seconds: float = READY_SECONDS) -> Answer | None:
    """GET something of the API; None when nothing answers, with an empty body where that is no JSON object."""
    with closing(http.client.HTTPConnection(urlsplit(api_url).netloc, timeout=seconds)) as api:
        try:
            api.request("GET", path)
            response = api.getresponse()
            return Answer(response.status, _object(response.read()))
        except (OSError, http.client.HTTPException):
            return None


def _object(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
