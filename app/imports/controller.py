from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import UNSET

from app.accounts.models import User
from app.errors import BodyTooLarge, InvalidRequest, NotFound
from app.http.answers import Answer
from app.http.openapi import TAKES_FILES, protected
from app.http.paging import Cursors
from app.http.query import Reading
from app.imports.errors import ImportInUse, InvalidFile, TooManyRows
from app.imports.models import Format
from app.imports.queries import ImportQuery, ProblemQuery
from app.imports.schemas import ImportProblems, ImportResponse, shown
from app.imports.service import Imports

MAX_FILE_BYTES: Final = 100 * 1024 * 1024
MEDIA_TYPES: Final[dict[str, Format]] = {"text/csv": "csv", "application/x-ndjson": "ndjson"}

Requesting = Request[User, Any, Any]


class ImportController(Controller):
    path = "/api/imports"
    tags = ("imports",)
    imports: Imports
    cursors: Cursors

    @post(
        responses=protected(InvalidFile, BodyTooLarge, TooManyRows),
        dependencies={"wanted": Reading(ImportQuery)},
        request_max_body_size=MAX_FILE_BYTES,
        opt={TAKES_FILES: tuple(MEDIA_TYPES)},
    )
    async def create_import(
        self, request: Requesting, wanted: NamedDependency[ImportQuery]
    ) -> Response[ImportResponse]:
        """Store the rows of a file, and say what would become of them; a job of the type bulk-import makes tickets."""
        format_ = _format_of(request, wanted)
        report = await self.imports.create(request.user, format_, wanted.pairs, _pieces(request))
        headers = {"Location": f"/api/imports/{report.found.id}"}
        return Answer(ImportResponse.of(report), status_code=HTTPStatus.CREATED, headers=headers)

    @get("/{import_id:str}", responses=protected(NotFound))
    async def read_import(self, import_id: FromPath[UUID]) -> ImportResponse:
        return ImportResponse.of(await self.imports.report(import_id))

    @get(
        "/{import_id:str}/problems",
        responses=protected(NotFound),
        dependencies={"wanted": Reading(ProblemQuery)},
    )
    async def list_problems(self, import_id: FromPath[UUID], wanted: NamedDependency[ProblemQuery]) -> ImportProblems:
        """List what is wrong with the file, by line."""
        after = self.cursors.start_of(wanted, UUID, import_id)
        found = await self.imports.faults(import_id, wanted.limit, after=after)
        part = self.cursors.part_of(wanted, found, lambda fault: fault.row_id, import_id)
        return ImportProblems(shown(list(part.items)), part.next_cursor)

    @delete("/{import_id:str}", responses=protected(NotFound, ImportInUse))
    async def delete_import(self, import_id: FromPath[UUID]) -> None:
        """Delete an import that no job is at work on; the tickets that were made of it stay."""
        await self.imports.remove(import_id)


def _format_of(request: Requesting, wanted: ImportQuery) -> Format:
    if request.headers.get("content-encoding", "identity") != "identity":
        raise InvalidRequest.at("header.Content-Encoding", "Send the file as it is, not compressed")
    if wanted.format is not UNSET:
        return wanted.format
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in MEDIA_TYPES:
        raise InvalidRequest.at("header.Content-Type", f"Give `format`, or one of: {', '.join(MEDIA_TYPES)}")
    return MEDIA_TYPES[media_type]


async def _pieces(request: Requesting) -> AsyncIterator[bytes]:
    async for piece in request.stream():
        yield piece
