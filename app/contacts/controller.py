from http import HTTPStatus
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from app.accounts.models import Caller, User
from app.contacts.errors import ContactExists, ContactHasTickets
from app.contacts.queries import ContactQuery
from app.contacts.schemas import ContactPage, ContactResponse, CreateContact, MergeContact, PatchContact
from app.contacts.service import Contacts
from app.contacts.store import Place
from app.errors import BodyTooLarge, NotFound, TooManyRequests
from app.http.answers import Answer, answer, answers
from app.http.openapi import protected
from app.http.paging import Cursors
from app.http.query import Reading


class ContactController(Controller):
    path = "/api/contacts"
    tags = ("contacts",)
    contacts: Contacts
    cursors: Cursors

    @get(responses=protected(TooManyRequests), dependencies={"wanted": Reading(ContactQuery)})
    async def list_contacts(
        self, request: Request[User, Any, Any], wanted: NamedDependency[ContactQuery]
    ) -> ContactPage:
        """List those whom tickets are for, by name."""
        found = await self.contacts.find_page(request.user, wanted, after=self.cursors.start_of(wanted, Place))
        part = self.cursors.part_of(wanted, found, lambda contact: Place(contact.name, contact.id))
        return ContactPage(answers(part.items, ContactResponse), part.next_cursor)

    @post(responses=protected(BodyTooLarge, ContactExists))
    async def create_contact(self, data: JSONBody[CreateContact]) -> Response[ContactResponse]:
        contact = await self.contacts.create(data.values)
        headers = {"Location": f"/api/contacts/{contact.id}"}
        return Answer(answer(contact, ContactResponse), status_code=HTTPStatus.CREATED, headers=headers)

    @get("/{contact_id:str}", responses=protected(NotFound))
    async def read_contact(self, contact_id: FromPath[UUID]) -> ContactResponse:
        return answer(await self.contacts.get(contact_id), ContactResponse)

    @patch("/{contact_id:str}", responses=protected(NotFound, BodyTooLarge, ContactExists))
    async def patch_contact(self, contact_id: FromPath[UUID], data: JSONBody[PatchContact]) -> ContactResponse:
        return answer(await self.contacts.change(contact_id, data.changes()), ContactResponse)

    @delete("/{contact_id:str}", responses=protected(NotFound, ContactHasTickets))
    async def delete_contact(self, contact_id: FromPath[UUID]) -> None:
        """Delete a contact that no ticket names, not even a deleted one."""
        await self.contacts.remove(contact_id)

    @post("/{contact_id:str}/merge", status_code=HTTPStatus.OK, responses=protected(NotFound, BodyTooLarge))
    async def merge_contact(
        self, caller: NamedDependency[Caller], contact_id: FromPath[UUID], data: JSONBody[MergeContact]
    ) -> ContactResponse:
        """Give a contact's tickets to another one, and what that one lacks; then delete it. Answers who stays."""
        return answer(await self.contacts.merge(caller, contact_id, data.into), ContactResponse)
