from functools import cache
from http import HTTPStatus
from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import structs

from app.accounts.models import Caller
from app.deliveries.queries import DeliveryQuery
from app.deliveries.schemas import AttemptResponse, Replayed
from app.errors import BodyTooLarge, NotFound
from app.events.names import SENTENCES
from app.http.answers import Answer, answer, answers
from app.http.openapi import protected
from app.http.paging import Cursors
from app.http.query import Reading
from app.webhooks.errors import TooManyWebhooks, WebhookDisabled
from app.webhooks.models import Delivery
from app.webhooks.schemas import (
    CreateWebhook,
    DeliveryDetails,
    DeliveryPage,
    DeliveryResponse,
    EventType,
    EventTypeList,
    PatchWebhook,
    WebhookList,
    WebhookResponse,
    WithSecret,
)
from app.webhooks.service import Secret, Webhooks

Calling = NamedDependency[Caller]
WebhookId = FromPath[UUID]


class WebhookController(Controller):
    path = "/api/webhooks"
    tags = ("webhooks",)
    webhooks: Webhooks
    cursors: Cursors

    @get(responses=protected())
    async def list_webhooks(self) -> WebhookList:
        """List the webhooks, the newest first."""
        return WebhookList(answers(await self.webhooks.find_all(), WebhookResponse))

    @post(responses=protected(BodyTooLarge, TooManyWebhooks))
    async def create_webhook(self, caller: Calling, data: JSONBody[CreateWebhook]) -> Response[WithSecret]:
        """Have events sent to a URL, signed as Standard Webhooks has it with a secret that is told here, once.

        An event is sent until it is answered with 2xx, for three days at most, and at least once: drop what comes with
        a `webhook-id` that you have had. They come in no order.
        """
        made = await self.webhooks.create(caller, structs.asdict(data))
        headers = {"Location": f"/api/webhooks/{made.webhook.id}"}
        return Answer(_with_secret(made), status_code=HTTPStatus.CREATED, headers=headers)

    @get("/{webhook_id:str}", responses=protected(NotFound))
    async def read_webhook(self, webhook_id: WebhookId) -> WebhookResponse:
        return answer(await self.webhooks.get(webhook_id), WebhookResponse)

    @patch("/{webhook_id:str}", responses=protected(NotFound, BodyTooLarge))
    async def patch_webhook(
        self, caller: Calling, webhook_id: WebhookId, data: JSONBody[PatchWebhook]
    ) -> WebhookResponse:
        """Change a webhook, or enable it again; it then counts as one that never failed."""
        return answer(await self.webhooks.change(caller, webhook_id, data.changes()), WebhookResponse)

    @delete("/{webhook_id:str}", responses=protected(NotFound))
    async def delete_webhook(self, caller: Calling, webhook_id: WebhookId) -> None:
        """Delete a webhook; what waits for it is not sent any more."""
        await self.webhooks.remove(caller, webhook_id)

    @post("/{webhook_id:str}/rotate", status_code=HTTPStatus.OK, responses=protected(NotFound))
    async def rotate_secret(self, caller: Calling, webhook_id: WebhookId) -> WithSecret:
        """Give a webhook another secret, told here, once; for a day the one before signs as well."""
        return _with_secret(await self.webhooks.rotate(caller, webhook_id))

    @post("/{webhook_id:str}/ping", status_code=HTTPStatus.ACCEPTED, responses=protected(NotFound, WebhookDisabled))
    async def ping_webhook(self, caller: Calling, webhook_id: WebhookId) -> DeliveryResponse:
        """Send an event of type webhook.ping, to try a webhook out; answers the delivery, to be read again."""
        return _shown(await self.webhooks.ping(caller, webhook_id))

    @post("/{webhook_id:str}/replay", status_code=HTTPStatus.ACCEPTED, responses=protected(NotFound, WebhookDisabled))
    async def replay_failed(self, webhook_id: WebhookId) -> Replayed:
        """Send once more what failed or was skipped, 10000 deliveries at most."""
        return Replayed(await self.webhooks.replay_lost(webhook_id))

    @get(
        "/{webhook_id:str}/deliveries",
        responses=protected(NotFound),
        dependencies={"wanted": Reading(DeliveryQuery)},
    )
    async def list_deliveries(self, webhook_id: WebhookId, wanted: NamedDependency[DeliveryQuery]) -> DeliveryPage:
        """List what is sent and was sent to a webhook, newest first."""
        below_id = self.cursors.start_of(wanted, UUID, webhook_id)
        found = await self.webhooks.find_page(webhook_id, wanted, below_id=below_id)
        part = self.cursors.part_of(wanted, found, lambda delivery: delivery.id, webhook_id)
        return DeliveryPage([_shown(delivery) for delivery in part.items], part.next_cursor)


class DeliveryController(Controller):
    path = "/api/deliveries"
    tags = ("webhooks",)
    webhooks: Webhooks

    @get("/{delivery_id:str}", responses=protected(NotFound))
    async def read_delivery(self, delivery_id: FromPath[UUID]) -> DeliveryDetails:
        """Show a delivery, what is sent, and what came of each attempt."""
        delivery, content, attempts = await self.webhooks.get_delivery(delivery_id)
        shown = structs.asdict(_shown(delivery))
        return DeliveryDetails(**shown, body=content, tried=answers(attempts, AttemptResponse))

    @post("/{delivery_id:str}/replay", status_code=HTTPStatus.ACCEPTED, responses=protected(NotFound, WebhookDisabled))
    async def replay_delivery(self, delivery_id: FromPath[UUID]) -> DeliveryResponse:
        """Send a delivery once more, with the same id, whatever came of it before."""
        return _shown(await self.webhooks.replay(delivery_id))


class EventTypeController(Controller):
    path = "/api/event-types"
    tags = ("webhooks",)

    @get(responses=protected())
    async def list_event_types(self) -> EventTypeList:
        """List what webhooks can be told of."""
        return _event_types()


@cache
def _event_types() -> EventTypeList:
    return EventTypeList([EventType(name, sentence) for name, sentence in SENTENCES.items()])


def _with_secret(made: Secret) -> WithSecret:
    shown = structs.asdict(answer(made.webhook, WebhookResponse))
    return WithSecret(**shown, secret=made.secret)


def _shown(delivery: Delivery) -> DeliveryResponse:
    shown = answer(delivery, DeliveryResponse)
    return shown if delivery.status == "pending" else structs.replace(shown, next_at=None)
