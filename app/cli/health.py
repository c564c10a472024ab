import http.client
import urllib.request

ANSWER_SECONDS = 2.0


def is_good(api_url: str) -> bool:
    """Tell whether GET /api/health answers 200; asked directly, whatever proxies the environment names."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"{api_url}/api/health", timeout=ANSWER_SECONDS) as answer:
            return bool(answer.status == http.HTTPStatus.OK)
    except (OSError, http.client.HTTPException):
        return False
