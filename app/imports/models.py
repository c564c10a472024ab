from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from sqlalchemy import TIMESTAMP, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from app.database import metadata
from app.tickets.types import fields as ticket_fields

# A file that was sent. It goes, with its rows, a day later, or with the last job that was posted with it.
imports = Table(
    "imports",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("created_by", Uuid, ForeignKey("users.id"), nullable=False),
    Column("created_at", TIMESTAMP(timezone=True), nullable=False, server_default=text("now()")),
    Column("expires_at", TIMESTAMP(timezone=True), nullable=False, server_default=text("now() + interval '1 day'")),
    Column("is_complete", Boolean, nullable=False, server_default=text("false")),  # the whole file arrived
    Column("is_deleted", Boolean, nullable=False, server_default=text("false")),
    Column("columns", JSONB, nullable=False, server_default="[]"),
    Column("rows", Integer, nullable=False, server_default=text("0")),
    Column("faulty", Integer, nullable=False, server_default=text("0")),
    Column("duplicates", Integer, nullable=False, server_default=text("0")),
)

# A row's id becomes its ticket's. The ids of one import are in the order of its lines.
# No foreign keys: their triggers would run for each row.
import_rows = Table(
    "import_rows",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("import_id", Uuid, nullable=False),
    Column("line", Integer, nullable=False),
    Column("fault_column", String(100)),
    Column("fault_code", String(32)),
    Column("fault", Text),
    Column("title", String(255)),
    Column("description", Text),
    Column("status", String(16)),
    Column("priority", String(16)),
    Column("tags", ARRAY(Text)),
    Column("requester_id", Uuid),
    Column("assignee_id", Uuid),
    Column("contact_name", String(200)),
    Column("contact_email", String(254)),
    Column("external_id", String(255)),
    Column("created_at", TIMESTAMP(timezone=True)),
    Column("type", Text, server_default="general"),
    Column("fields", JSONB, server_default="{}"),
)
Index("ix_import_rows_import", import_rows.c.import_id, import_rows.c.id)
Index(
    "ix_import_rows_faulty",
    import_rows.c.import_id,
    import_rows.c.id,
    postgresql_where=import_rows.c.fault_code.is_not(None),
)

Format = Literal["csv", "ndjson"]
MAX_COLUMNS = 200

COLUMNS = [column.name for column in import_rows.columns]
DUPLICATE = "duplicate"  # the fault of a row whose external id an earlier line has

# The fields that a row's ticket gets, and that a file can have columns for; people are named by username or e-mail.
# Those that a type of ticket has stand behind a dot.
FIELDS = (
    *("title", "description", "status", "priority", "tags", "requester", "assignee"),
    *("contactName", "contactEmail", "externalId", "createdAt", "type"),
    *(f"fields.{name}" for name in ticket_fields.NAMES),
)


class ImportColumn(msgspec.Struct, frozen=True):
    """A column of a file, and the field that it fills; one that fills none is ignored."""

    name: str
    field: str | None


class Account(msgspec.Struct, frozen=True):
    """A user whom a file names."""

    id: UUID
    can_be_assigned: bool


class Import(msgspec.Struct, frozen=True):
    """A file that was sent: how many rows it has, and how many of them cannot become tickets."""

    id: UUID
    created_by: UUID
    created_at: datetime
    columns: list[ImportColumn]
    rows: int
    faulty: int
    duplicates: int

    @property
    def valid(self) -> int:
        return self.rows - self.faulty - self.duplicates


class Fault(msgspec.Struct, frozen=True):
    """The first thing that is wrong with a line."""

    row_id: UUID
    line: int
    column: str | None
    code: str
    message: str


class SampleRow(msgspec.Struct, frozen=True):
    """What a line's ticket would be."""

    line: int
    title: str | None
    description: str | None
    status: str | None
    priority: str | None
    tags: list[str] | None
    requester_id: UUID | None
    assignee_id: UUID | None
    contact_name: str | None
    contact_email: str | None
    external_id: str | None
    created_at: datetime | None
    type: str | None
    fields: dict[str, Any] | None
