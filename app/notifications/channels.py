"""The ways to people: each has a lane, in the whole system one, so that one that hangs holds up none of the others."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.deliveries.models import Channel, deliveries
from app.notifications import rest
from app.notifications.providers import Provider
from app.notifications.smtp import Smtp
from app.settings import Settings

# Beside the lanes of webhooks, whose ids are those of the webhooks.
LANES: Final[dict[UUID, Channel]] = {UUID(int=1): "email", UUID(int=2): "sms"}

Providers = Mapping[Channel, Sequence[Provider]]

_HOLD = text("select pg_try_advisory_xact_lock(hashtextextended('channel ' || :channel, 0))").bindparams(
    bindparam("channel")
)
_IS_DUE = deliveries.c.webhook_id.is_(None) & (deliveries.c.status == "pending") & (deliveries.c.next_at <= func.now())


def providers_of(settings: Settings) -> Providers:
    """Return the providers that the settings name, by channel, in the order in which they are tried."""
    return {"email": list(_of_email(settings)), "sms": list(_of_sms(settings))}


def _of_email(settings: Settings) -> Iterator[Provider]:
    sender = settings.mail_from or ""
    if settings.smtp_url:
        yield Smtp(settings.smtp_url, sender)
    if settings.resend_api_key:
        yield rest.resend(settings.resend_api_key, sender)
    if settings.sendgrid_api_key:
        yield rest.sendgrid(settings.sendgrid_api_key, settings.sendgrid_from_email or sender)
    if settings.brevo_api_key:
        yield rest.brevo(settings.brevo_api_key, sender)


def _of_sms(settings: Settings) -> Iterator[Provider]:
    if settings.twilio_account_sid and settings.twilio_auth_token and settings.twilio_phone_number:
        yield rest.twilio(settings.twilio_account_sid, settings.twilio_auth_token, settings.twilio_phone_number)
    if settings.aws_access_key_id and settings.aws_secret_access_key and settings.aws_region:
        yield rest.sns(settings.aws_access_key_id, settings.aws_secret_access_key, settings.aws_region)


def of(channel: Channel) -> ColumnElement[bool]:
    """Return the condition under which a delivery goes through a channel."""
    return deliveries.c.webhook_id.is_(None) & (deliveries.c.channel == channel)


async def hold(connection: AsyncConnection, channel: Channel) -> bool:
    """Be the one lane of a channel until the transaction ends; False where another one is."""
    return bool(await connection.scalar(_HOLD, {"channel": channel}))


async def waiting(connection: AsyncConnection) -> list[UUID]:
    """Return the lanes that something can be sent by now. One that is at work ends what it is woken for."""
    due = set((await connection.execute(select(deliveries.c.channel).where(_IS_DUE).distinct())).scalars())
    return [lane_id for lane_id, channel in LANES.items() if channel in due]
