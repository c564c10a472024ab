from typing import Any

import structlog
from litestar import Request

from app.accounts.models import Caller
from app.audit.models import Origin


def origin_of(request: Request[Any, Any, Any]) -> Origin:
    """Say where a request comes from; behind a proxy, TRUSTED_PROXIES decides whose word for it is taken."""
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    return Origin(request_id, request.client.host if request.client else None)


def caller_of(request: Request[Any, Any, Any]) -> Caller:
    return Caller(request.user, origin_of(request))
