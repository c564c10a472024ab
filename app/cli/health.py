import http.client
from contextlib import closing
from urllib.parse import urlsplit

ANSWER_SECONDS = 2.0


def is_good(api_url: str) -> bool:
    """Tell whether GET /api/health answers 200; asked directly, whatever proxies the environment names."""
    with closing(http.client.HTTPConnection(urlsplit(api_url).netloc, timeout=ANSWER_SECONDS)) as api:
        try:
            api.request("GET", "/api/health")
            return api.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
