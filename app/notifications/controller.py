from http import HTTPStatus
from uuid import UUID

from litestar import Controller, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import structs

from app.accounts.models import Caller
from app.deliveries.queries import DeliveryQuery
from app.deliveries.schemas import Replayed
from app.errors import BodyTooLarge, NotFound
from app.http.answers import answer, answers
from app.http.openapi import protected
from app.http.paging import Cursors
from app.http.query import Reading
from app.notifications.models import Message, Preferences
from app.notifications.schemas import LetterResponse, MessageAttempt, MessageDetails, MessagePage, MessageResponse
from app.notifications.service import Notifications


class PreferenceController(Controller):
    path = "/api/me/notifications"
    tags = ("notifications",)
    notifications: Notifications

    @get(responses=protected())
    async def read_preferences(self, caller: NamedDependency[Caller]) -> Preferences:
        """Show what one is told of, and how. Nobody is told of what they did themselves."""
        return await self.notifications.chosen_by(caller.user)

    @put(responses=protected(BodyTooLarge))
    async def put_preferences(self, caller: NamedDependency[Caller], data: JSONBody[Preferences]) -> Preferences:
        """Choose what one is told of, and how; what is not named is as it was at first."""
        await self.notifications.choose(caller.user, data)
        return data


class OutboxController(Controller):
    path = "/api/outbox"
    tags = ("notifications",)
    notifications: Notifications
    cursors: Cursors

    @get(responses=protected(), dependencies={"wanted": Reading(DeliveryQuery)})
    async def list_messages(self, wanted: NamedDependency[DeliveryQuery]) -> MessagePage:
        """List what people are told and were told, newest first."""
        found = await self.notifications.find_page(wanted, below_id=self.cursors.start_of(wanted, UUID))
        part = self.cursors.part_of(wanted, found, lambda message: message.id)
        return MessagePage([_shown(message) for message in part.items], part.next_cursor)

    @post("/replay", status_code=HTTPStatus.ACCEPTED, responses=protected())
    async def replay_lost(self) -> Replayed:
        """Send once more what failed or was skipped, 10000 messages at most: once there is a provider, say."""
        return Replayed(await self.notifications.replay_lost())

    @get("/{message_id:str}", responses=protected(NotFound))
    async def read_message(self, message_id: FromPath[UUID]) -> MessageDetails:
        """Show a message, its words, and what came of each attempt. The HTML is for a frame without scripts."""
        message, letter, attempts = await self.notifications.get(message_id)
        shown = structs.asdict(_shown(message))
        words = answer(letter, LetterResponse) if letter else None
        return MessageDetails(**shown, letter=words, tried=answers(attempts, MessageAttempt))

    @post("/{message_id:str}/replay", status_code=HTTPStatus.ACCEPTED, responses=protected(NotFound))
    async def replay_message(self, message_id: FromPath[UUID]) -> MessageResponse:
        """Send a message once more, whatever came of it before."""
        return _shown(await self.notifications.replay(message_id))


def _shown(message: Message) -> MessageResponse:
    shown = answer(message, MessageResponse)
    return shown if message.status == "pending" else structs.replace(shown, next_at=None)
