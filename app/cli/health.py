import http.client
from urllib.parse import urlsplit

ANSWER_SECONDS = 2.0


def is_good(api_url: str) -> bool:
    """Whether GET /api/health answers 200; asked directly, whatever proxies the environment names."""
    parts = urlsplit(api_url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
