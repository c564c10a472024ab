"""What makes a request one of ours: Standard Webhooks 1.0.0, https://www.standardwebhooks.com."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from standardwebhooks import Webhook as Signer

SECRET_BYTES: Final = 32  # 24 to 64 by the specification


def new_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def headers_of(delivery_id: UUID, at: datetime, body: str, signing: Sequence[str]) -> dict[str, str]:
    """Return the headers by which a receiver knows who sent a body, with a signature by each of the secrets.

    The id is the same at each attempt; the time is that of this one, in UTC.
    """
    signatures = [Signer(secret).sign(str(delivery_id), at, body) for secret in signing]
    return {
        "webhook-id": str(delivery_id),
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
