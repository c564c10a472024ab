"""The certificates of what the settings name by a URL with TLS; what cannot be reached from here is left alone."""

import socket
import ssl
import time
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from app.cli.doctor.findings import Finding, together
from app.cli.doctor.patient import Patient
from app.settings import Settings

DAYS_WARN: Final = 21  # what renews them by itself does so with a month left
DAYS_FAIL: Final = 7
ANSWER_SECONDS: Final = 3.0
PORTS: Final = {"https": 443, "rediss": 6379}
EXPIRED: Final = 10  # X509_V_ERR_CERT_HAS_EXPIRED
RENEW: Final = "renew it: does what is to do that still run?"


def certificates(patient: Patient) -> Finding:
    found = [look(name, *place) for name, place in places(patient.settings)]
    return together(found) if found else Finding("ok", "no setting names a URL with TLS")


def places(settings: Settings) -> Iterator[tuple[str, tuple[str, int]]]:
    """Yield each setting that names a server with TLS, with its host and port; each server once."""
    seen = set()
    urls = {"APP_URL": settings.app_url, "FRONTEND_URL": settings.frontend_url, "REDIS_URL": settings.redis_url}
    for name, url in urls.items():
        parts = urlsplit(url or "")
        if parts.scheme not in PORTS:
            continue
        place = (parts.hostname or "", parts.port or PORTS[parts.scheme])
        if place not in seen:
            seen.add(place)
            yield name, place


def look(name: str, host: str, port: int) -> Finding:
    try:
        expires = _expiry(host, port)
    except ssl.SSLCertVerificationError as error:
        is_late = error.verify_code == EXPIRED
        return Finding("fail", f"{name}: {error.verify_message}", RENEW if is_late else "use one that clients trust")
    except OSError as error:
        return Finding("ok", f"{name}: {host} cannot be reached from here ({error.strerror or error})")
    return judge(name, (expires - time.time()) / 86_400)


def judge(name: str, days: float) -> Finding:
    said = f"{name}: good for {days:.0f} days"
    if days >= DAYS_WARN:
        return Finding("ok", said)
    return Finding("fail" if days < DAYS_FAIL else "warn", said, RENEW)


def _expiry(host: str, port: int) -> float:
    """Return when a server's certificate ends, in seconds since 1970."""
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=ANSWER_SECONDS) as line,
        context.wrap_socket(line, server_hostname=host) as secured,
    ):
        certificate = secured.getpeercert() or {}
    return float(ssl.cert_time_to_seconds(str(certificate["notAfter"])))
