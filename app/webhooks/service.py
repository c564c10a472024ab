from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import Caller
from app.audit import store as audit
from app.audit.models import Action
from app.deliveries import store as sent
from app.deliveries.models import Attempt
from app.deliveries.queries import DeliveryQuery
from app.deliveries.queue import WakeUps
from app.errors import InvalidRequest, NotFound
from app.pools import Pools
from app.webhooks import contents, deliveries, signing, store
from app.webhooks.addresses import Addresses
from app.webhooks.contents import Content
from app.webhooks.errors import AddressRefused, TooManyWebhooks, WebhookDisabled
from app.webhooks.models import Delivery, Webhook

MOST = 100  # each event is held against all of them


class Secret(NamedTuple):
    """A webhook with its new secret, for the one answer that tells it."""

    webhook: Webhook
    secret: str


class Details(NamedTuple):
    delivery: Delivery
    content: Content
    attempts: list[Attempt]


class Webhooks:
    """What admins may do with webhooks and with what was sent to them."""

    def __init__(self, pools: Pools, addresses: Addresses, wake_ups: WakeUps) -> None:
        self._engine = pools.engine
        self._addresses = addresses
        self._wake_ups = wake_ups

    async def find_all(self) -> list[Webhook]:
        async with self._engine.connect() as connection:
            return await store.find_all(connection)

    async def get(self, webhook_id: UUID) -> Webhook:
        """Raise `NotFound` if there is none."""
        async with self._engine.connect() as connection:
            return _require(await store.find(connection, webhook_id))

    async def create(self, caller: Caller, values: Mapping[str, Any]) -> Secret:
        """Add a webhook, with a secret of its own.

        Raises:
            InvalidRequest: nothing is sent to this URL.
            TooManyWebhooks: there are MOST.
        """
        self._check(values)
        secret = signing.new_secret()
        async with self._engine.begin() as connection:
            if await store.count(connection) >= MOST:
                raise TooManyWebhooks
            webhook = await store.add(connection, {**values, "secret": secret, "created_by": caller.user.id})
            await _record(connection, caller, "webhook.created", webhook)
        return Secret(webhook, secret)

    async def change(self, caller: Caller, webhook_id: UUID, values: Mapping[str, Any]) -> Webhook:
        """Change a webhook; one that is enabled counts as one that never failed.

        Raises:
            NotFound: there is none.
            InvalidRequest: nothing is sent to this URL.
        """
        self._check(values)
        stored = {name: value for name, value in values.items() if name != "enabled"}
        async with self._engine.begin() as connection:
            match values.get("enabled"):
                case True:
                    await store.enable(connection, webhook_id)
                case False:
                    await store.disable(connection, webhook_id, "by_hand")
            webhook = _require(await store.change(connection, webhook_id, stored))
            await _record(connection, caller, "webhook.changed", webhook, changed=sorted(values))
        await self._wake_ups.wake([webhook_id])
        return webhook

    async def remove(self, caller: Caller, webhook_id: UUID) -> None:
        """Delete a webhook; what was sent to it stays on record. Raise `NotFound` if there is none."""
        async with self._engine.begin() as connection:
            await _record(connection, caller, "webhook.deleted", _require(await store.remove(connection, webhook_id)))

    async def rotate(self, caller: Caller, webhook_id: UUID) -> Secret:
        """Give a webhook another secret; for a day the one before signs as well. Raise `NotFound` if there is none."""
        secret = signing.new_secret()
        async with self._engine.begin() as connection:
            webhook = _require(await store.rotate(connection, webhook_id, secret))
            await _record(connection, caller, "webhook.rotated", webhook)
        return Secret(webhook, secret)

    async def ping(self, caller: Caller, webhook_id: UUID) -> Delivery:
        """Send an event of type webhook.ping.

        Raises:
            NotFound: there is no such webhook.
            WebhookDisabled: nothing is sent to it.
        """
        async with self._engine.begin() as connection:
            await _rouse(connection, webhook_id)
            delivery_id = await deliveries.ping(connection, webhook_id, caller.user.id)
            delivery = _require_delivery(await deliveries.find(connection, delivery_id))
        await self._wake_ups.wake([webhook_id])
        return delivery

    async def find_page(
        self, webhook_id: UUID, query: DeliveryQuery, *, below_id: UUID | None = None
    ) -> list[Delivery]:
        """Return what `deliveries.find_page` does; raise `NotFound` if there is no such webhook."""
        async with self._engine.connect() as connection:
            _require(await store.find(connection, webhook_id))
            return await deliveries.find_page(connection, webhook_id, query, below_id=below_id)

    async def get_delivery(self, delivery_id: UUID) -> Details:
        """Raise `NotFound` if there is none."""
        async with self._engine.connect() as connection:
            delivery = _require_delivery(await deliveries.find(connection, delivery_id))
            due = await sent.due_of(connection, delivery_id)
            attempts = await sent.attempts_of(connection, delivery_id)
            return Details(delivery, await contents.content_of(connection, due), attempts)

    async def replay(self, delivery_id: UUID) -> Delivery:
        """Have a delivery sent once more, whatever came of it; one that is pending is sent at once.

        Raises:
            NotFound: there is none, or its webhook is gone.
            WebhookDisabled: nothing is sent there.
        """
        async with self._engine.begin() as connection:
            webhook_id = _require_delivery(await deliveries.find(connection, delivery_id)).webhook_id
            await _rouse(connection, webhook_id)
            await sent.replay(connection, delivery_id)
            delivery = _require_delivery(await deliveries.find(connection, delivery_id))
        await self._wake_ups.wake([webhook_id])
        return delivery

    async def replay_lost(self, webhook_id: UUID) -> int:
        """Have sent once more what failed or was skipped; return how many deliveries, see `sent.replay_lost`.

        Raises:
            NotFound: there is no such webhook.
            WebhookDisabled: nothing is sent to it.
        """
        async with self._engine.begin() as connection:
            await _rouse(connection, webhook_id)
            replayed = await sent.replay_lost(connection, deliveries.of(webhook_id))
        await self._wake_ups.wake([webhook_id])
        return replayed

    def _check(self, values: Mapping[str, Any]) -> None:
        try:
            if "url" in values:
                self._addresses.check(values["url"])
        except AddressRefused as error:
            raise InvalidRequest.at("$.url", str(error)) from error


async def _rouse(connection: AsyncConnection, webhook_id: UUID) -> None:
    if not _require(await store.rouse(connection, webhook_id)).enabled:
        raise WebhookDisabled


async def _record(connection: AsyncConnection, caller: Caller, action: Action, webhook: Webhook, **more: Any) -> None:
    details = {"url": webhook.url, **more}
    await audit.record(
        connection, action, caller.origin, actor_id=caller.user.id, subject_id=webhook.id, details=details
    )


def _require(webhook: Webhook | None) -> Webhook:
    if webhook is None:
        raise NotFound("There is no webhook with this id.")
    return webhook


def _require_delivery(delivery: Delivery | None) -> Delivery:
    if delivery is None:
        raise NotFound("There is no delivery with this id.")
    return delivery
