"""Who may call what of the API: the one table. A route that is not in it is open to nobody."""

from typing import Any, Final

from litestar import Request

from app.accounts.bearer import token_in
from app.accounts.models import Role
from app.accounts.service import Accounts
from app.errors import Forbidden, NotFound
from app.scrapers import Scrapers

Route = tuple[str, str]

PUBLIC: Final = frozenset[Route](
    {
        ("POST", "/api/login"),
        ("POST", "/api/token"),
        ("POST", "/api/register"),  # where REGISTRATION is open
        ("POST", "/api/password-reset"),  # asks for a link's token
        ("POST", "/api/session"),
        ("POST", "/api/session/refresh"),  # asks for its cookie
        ("GET", "/api/approvals/{token}"),  # asks for a link's token, here and below
        ("POST", "/api/tickets/{ticket_id}/approve/{token}"),
        ("POST", "/api/tickets/{ticket_id}/reject/{token}"),
        ("GET", "/api/tickets/{ticket_id}/approve/{token}"),  # leads to a page, whatever the token
        ("GET", "/api/tickets/{ticket_id}/reject/{token}"),
        ("GET", "/api/openapi.json"),
        ("GET", "/api/health"),  # here and below: for proxies and the like
        ("GET", "/api/health/live"),
        ("GET", "/api/health/ready"),
        ("GET", "/health"),
    }
)

DOCUMENTS: Final = frozenset[Route]({("GET", "/api/openapi.json")})  # in production for users alone

EVERYONE: Final = frozenset[Role]({"requester", "agent", "admin"})
STAFF: Final = frozenset[Role]({"agent", "admin"})
ADMINS: Final = frozenset[Role]({"admin"})

_TABLE: Final = (
    ("DELETE", "/api/session", EVERYONE),
    ("GET PATCH", "/api/me", EVERYONE),
    ("POST", "/api/me/password", EVERYONE),
    ("GET PUT", "/api/me/notifications", EVERYONE),
    ("GET", "/api/users", STAFF),  # agents without e-mail and phone, here and below
    ("GET", "/api/users/{user_id}", STAFF),
    ("POST", "/api/users", ADMINS),
    ("PATCH DELETE", "/api/users/{user_id}", ADMINS),
    ("POST", "/api/users/{user_id}/password-reset", ADMINS),
    ("GET", "/api/audit", ADMINS),
    ("GET", "/api/metrics", ADMINS),  # and those who scrape, here and below
    ("GET", "/metrics", ADMINS),
    ("GET POST", "/api/tickets", EVERYONE),  # requesters meet only their own tickets, here and below
    ("GET PUT PATCH", "/api/tickets/{ticket_id}", EVERYONE),
    ("DELETE", "/api/tickets/{ticket_id}", STAFF),
    ("POST", "/api/tickets/{ticket_id}/restore", STAFF),
    ("GET POST", "/api/tickets/{ticket_id}/comments", EVERYONE),  # requesters without internal ones, here and below
    ("GET PATCH DELETE", "/api/tickets/{ticket_id}/comments/{comment_id}", EVERYONE),  # the author or an admin changes
    (
        "GET",
        "/api/tickets/{ticket_id}/history",
        EVERYONE,
    ),  # requesters without what is internal, jobs and their reasons
    ("POST", "/api/tickets/{ticket_id}/take", STAFF),
    ("POST", "/api/tickets/{ticket_id}/approve", STAFF),  # its assignee or an admin
    ("POST", "/api/tickets/{ticket_id}/reject", STAFF),
    ("POST", "/api/tickets/{ticket_id}/merge", STAFF),
    ("GET", "/api/tickets/{ticket_id}/related", STAFF),
    ("PUT DELETE", "/api/tickets/{ticket_id}/related/{other_id}", STAFF),
    ("GET", "/api/ticket-types", EVERYONE),
    ("GET", "/api/approvers", EVERYONE),  # names alone
    ("GET", "/api/tags", STAFF),
    ("GET POST", "/api/contacts", STAFF),
    ("GET PATCH DELETE", "/api/contacts/{contact_id}", STAFF),
    ("POST", "/api/contacts/{contact_id}/merge", STAFF),
    ("GET", "/api/sla-policies", STAFF),
    ("POST", "/api/sla-policies", ADMINS),
    ("GET", "/api/sla-policies/{policy_id}", STAFF),
    ("PATCH DELETE", "/api/sla-policies/{policy_id}", ADMINS),
    ("GET", "/api/calendars", STAFF),
    ("POST", "/api/calendars", ADMINS),
    ("GET", "/api/calendars/{calendar_id}", STAFF),
    ("PATCH DELETE", "/api/calendars/{calendar_id}", ADMINS),
    ("GET POST", "/api/cable-receiving", ADMINS),
    ("GET", "/api/inventory/on-hand", STAFF),
    ("GET", "/api/inventory/movements", STAFF),
    ("POST", "/api/inventory/adjustments", ADMINS),
    ("GET", "/api/inventory/items/{item_id}", STAFF),
    ("PATCH", "/api/inventory/items/{item_id}", ADMINS),
    ("GET", "/api/optics-parts", EVERYONE),
    ("PUT", "/api/optics-parts", ADMINS),
    ("GET POST", "/api/optics-requests", EVERYONE),  # others than admins meet only what they have asked for
    ("PATCH", "/api/optics-requests/{ticket_id}/status", STAFF),  # its assignee or an admin decides
    ("GET POST", "/api/views", EVERYONE),  # one's own, and to read those that are shared
    ("GET", "/api/views/counts", EVERYONE),
    ("GET PATCH DELETE", "/api/views/{view_id}", EVERYONE),
    ("GET", "/api/dashboard/stats", STAFF),
    ("POST", "/api/imports", ADMINS),
    ("GET DELETE", "/api/imports/{import_id}", ADMINS),
    ("GET", "/api/imports/{import_id}/problems", ADMINS),
    ("GET POST", "/api/webhooks", ADMINS),
    ("GET PATCH DELETE", "/api/webhooks/{webhook_id}", ADMINS),
    ("POST", "/api/webhooks/{webhook_id}/rotate", ADMINS),
    ("POST", "/api/webhooks/{webhook_id}/ping", ADMINS),
    ("POST", "/api/webhooks/{webhook_id}/replay", ADMINS),
    ("GET", "/api/webhooks/{webhook_id}/deliveries", ADMINS),
    ("GET", "/api/deliveries/{delivery_id}", ADMINS),
    ("POST", "/api/deliveries/{delivery_id}/replay", ADMINS),
    ("GET", "/api/event-types", ADMINS),
    ("GET", "/api/outbox", ADMINS),
    ("GET", "/api/outbox/{message_id}", ADMINS),
    ("POST", "/api/outbox/{message_id}/replay", ADMINS),
    ("POST", "/api/outbox/replay", ADMINS),
    ("GET", "/api/jobs", EVERYONE),  # others than admins meet only jobs of their own, here and below
    ("GET", "/api/jobs/{job_id}", EVERYONE),
    ("GET", "/api/jobs/{job_id}/items", EVERYONE),
    ("GET", "/api/jobs/{job_id}/items/export", STAFF),  # it has tickets' titles in it
    ("GET", "/api/jobs/{job_id}/summary", EVERYONE),
    ("POST", "/api/jobs", ADMINS),
    ("POST", "/api/jobs/preview", ADMINS),
    ("POST", "/api/jobs/{job_id}/pause", ADMINS),
    ("POST", "/api/jobs/{job_id}/resume", ADMINS),
    ("POST", "/api/jobs/{job_id}/cancel", ADMINS),
    ("POST", "/api/jobs/{job_id}/retry", ADMINS),
    ("POST", "/api/jobs/{job_id}/undo", ADMINS),
    ("GET", "/api/job-types", EVERYONE),
)
ROLES: Final[dict[Route, frozenset[Role]]] = {
    (method, path): roles for methods, path, roles in _TABLE for method in methods.split()
}
SCRAPED: Final = frozenset[Route]({("GET", "/api/metrics"), ("GET", "/metrics")})


class Admission:
    """Asks of each request who calls, and whether they may.

    It is litestar's hook before a handler: its guards and middleware take twice the time that a small answer does.
    """

    def __init__(self, accounts: Accounts, scrapers: Scrapers, *, in_production: bool) -> None:
        self._accounts = accounts
        self._scrapers = scrapers
        self._public = PUBLIC - DOCUMENTS if in_production else PUBLIC
        self._roles = ROLES | dict.fromkeys(DOCUMENTS, EVERYONE)

    async def admit(self, request: Request[Any, Any, Any]) -> None:
        """Set the request's user.

        Raises:
            Unauthorized: there is no valid token.
            NotFound: the table does not name the route.
            Forbidden: the table does not let this user's role in.
        """
        scope = request.scope
        route = (scope["method"], scope["path_template"])
        if route in self._public:
            return
        if route in SCRAPED and self._may_scrape(request):
            return
        scope["user"], scope["auth"] = await self._accounts.authenticate(token_in(scope["headers"]))
        if route not in self._roles:
            raise NotFound
        if scope["user"].role not in self._roles[route]:
            raise Forbidden

    def _may_scrape(self, request: Request[Any, Any, Any]) -> bool:
        headers, client = request.headers, request.client
        return self._scrapers.admit(
            headers.get("authorization", ""), client.host if client else "", is_forwarded="x-forwarded-for" in headers
        )
