"""The OpenAPI document as text, without anything that runs: `python -m app.openapi > app/web/openapi.json`."""

import json
import sys
from typing import Any, cast

from litestar.serialization import encode_json

from app import asgi
from app.http.openapi import document_of
from app.settings import Settings

NO_SERVICES = asgi.Services(*[cast(Any, None)] * len(asgi.Services.__struct_fields__))


def document() -> dict[str, Any]:
    """Return what the app would serve."""
    nowhere = Settings(database_url="postgresql://nowhere", redis_url="redis://nowhere")
    made: dict[str, Any] = json.loads(encode_json(document_of(asgi.create_api(nowhere, NO_SERVICES))))
    return made


def text() -> str:
    """Return it in an order that only changes of the API change."""
    return json.dumps(document(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
