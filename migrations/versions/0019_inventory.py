"""What is in stock, the ledger of what came in and went out, and the optics that can be asked for.

Revision ID: 0019
Revises: 0018
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLES = (
    """
    create table inventory_items (
        id uuid not null default uuidv7() constraint pk_inventory_items primary key,
        cable_type varchar(64) not null,
        cable_gauge varchar(32) not null,
        cable_length varchar(16) not null,
        on_hand bigint not null default 0 constraint ck_inventory_items_on_hand check (on_hand >= 0),
        low_at integer constraint ck_inventory_items_low_at check (low_at >= 0),
        updated_at timestamptz not null default clock_timestamp()
    )
    """,
    """
    create unique index uq_inventory_items_key
    on inventory_items (lower(replace(cable_type, ' ', '')), lower(replace(cable_gauge, ' ', '')), cable_length)
    """,
    """
    create table inventory_movements (
        id bigint not null generated always as identity constraint pk_inventory_movements primary key,
        at timestamptz not null default clock_timestamp(),
        item_id uuid not null constraint fk_inventory_movements_item_id_inventory_items references inventory_items,
        kind varchar(16) not null,
        quantity integer not null,
        on_hand bigint not null,
        reason text,
        ticket_id uuid,
        actor_id uuid not null constraint fk_inventory_movements_actor_id_users references users,
        constraint ck_inventory_movements_kind check (
            case kind when 'received' then quantity > 0
                      when 'issued' then quantity < 0
                      when 'adjusted' then quantity <> 0 and reason is not null
                      else false end
        )
    )
    """,
    "create index ix_inventory_movements_item on inventory_movements (item_id, id)",
    "create index ix_inventory_movements_kind on inventory_movements (kind, id)",
    """
    create index ix_inventory_movements_ticket on inventory_movements (ticket_id, id) where ticket_id is not null
    """,
    """
    create trigger inventory_movements_append_only before update or delete or truncate on inventory_movements
    for each statement execute function refuse_change()
    """,
)
# How many there are of something after each of several movements, one after the other: one that there is not enough
# for is passed over.
IN_TURN = (
    """
    create function stock_after(before bigint, at_first bigint, quantity integer) returns bigint
    language plpgsql immutable as $$
    declare
        there bigint := coalesce(before, at_first);
    begin
        return case when there + quantity >= 0 then there + quantity else there end;
    end
    $$
    """,
    "create aggregate stock_in_turn(at_first bigint, quantity integer) (sfunc = stock_after, stype = bigint)",
)
OPTICS = """
    create table optics_parts (
        position integer not null constraint pk_optics_parts primary key,
        name varchar(100) not null
    )
    """
UP = (*TABLES, *IN_TURN, OPTICS)
DOWN = (
    "drop table optics_parts",
    "drop aggregate stock_in_turn(bigint, integer)",
    "drop function stock_after",
    "drop table inventory_movements",
    "drop table inventory_items",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
