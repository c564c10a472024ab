"""Texts for tickets to be searched by: 35 words of 50,000 each, of which few are in many and many in few (Zipf)."""

import hashlib

import asyncpg

VOCABULARY = 50_000
_DIGITS = str.maketrans("0123456789", "ghijklmnop")

_WORDS = f"""
    create temporary table words on commit drop as
    select rank, left(translate(md5(rank::text), '0123456789', 'ghijklmnop'), 4 + rank % 5) as word
    from generate_series(1, {VOCABULARY}) as rank
"""
# A word of rank r is in one text of 11 r / 35. Written as documents, as the parser takes longer than all the rest.
_TEXTS = f"""
    insert into ticket_texts (ticket_id, document)
    select id, (number || ':1A ' || written)::tsvector
    from tickets
    cross join lateral (
        select string_agg(word || ':' || place + 1 || case when place <= 6 then 'A' else 'C' end, ' ') as written
        from generate_series(1, 35) as place
        cross join lateral floor(exp(random() * ln({VOCABULARY})) + 0 * (number + place)) as drawn
        join words on rank = drawn::int
    ) as text
    order by id
"""


def word(rank: int) -> str:
    """Return a word; that of rank 1 is in nearly every text, the last ones are in some hundreds of two million."""
    return hashlib.md5(str(rank).encode(), usedforsecurity=False).hexdigest().translate(_DIGITS)[: 4 + rank % 5]


async def write(connection: asyncpg.Connection) -> None:
    """Write texts anew, in place of those that the tickets have."""
    await connection.execute("set maintenance_work_mem = '512MB'; select setseed(0.4)")
    index = await connection.fetchval("select pg_get_indexdef('ix_ticket_texts_document'::regclass)")
    async with connection.transaction():
        await connection.execute(_WORDS)
        await connection.execute("analyze words; drop index ix_ticket_texts_document; truncate ticket_texts")
        await connection.execute(_TEXTS)
    await connection.execute(index)
    await connection.execute("vacuum (freeze, analyze) ticket_texts")
