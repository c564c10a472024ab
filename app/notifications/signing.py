"""AWS Signature Version 4, as far as a POST of a form needs it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hashlib
import hmac
from datetime import datetime
from typing import Final

from msgspec import Struct

ALGORITHM: Final = "AWS4-HMAC-SHA256"
FORM: Final = "application/x-www-form-urlencoded"


class Key(Struct, frozen=True):
    id: str
    secret: str
    region: str
    service: str


def headers_of(key: Key, host: str, body: str, at: datetime) -> dict[str, str]:
    """Return the headers of a POST to the root of a host; `at` is in UTC, and may be five minutes off."""
    moment = at.strftime("%Y%m%dT%H%M%SZ")
    signed = {"content-type": FORM, "host": host, "x-amz-date": moment}
    names = ";".join(signed)
    listed = "".join(f"{name}:{value}\n" for name, value in signed.items())
    request = f"POST\n/\n\n{listed}\n{names}\n{_sha256(body)}"
    scope = f"{moment[:8]}/{key.region}/{key.service}/aws4_request"
    signature = _hmac(_key_of(key, moment[:8]), f"{ALGORITHM}\n{moment}\n{scope}\n{_sha256(request)}").hex()
    signed["authorization"] = f"{ALGORITHM} Credential={key.id}/{scope}, SignedHeaders={names}, Signature={signature}"
    return signed


def _key_of(key: Key, day: str) -> bytes:
    derived = f"AWS4{key.secret}".encode()
    for part in (day, key.region, key.service, "aws4_request"):
        derived = _hmac(derived, part)
    return derived


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
