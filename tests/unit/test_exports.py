import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.jobs import exports
from app.jobs.models import Item

ID = UUID("01980000-0000-7000-8000-000000000001")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def item(title: str | None) -> Item:
    return Item(0, ID, "succeeded", "deleted", datetime(2026, 1, 1, tzinfo=UTC), 7, title)


async def written(titles: list[str]) -> list[list[str]]:
    async def pages() -> AsyncIterator[list[Item]]:
        yield [item(title) for title in titles]

    content = b"".join([part async for part in exports.write("csv", "bulk-delete", pages())])
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


@pytest.mark.parametrize("start", FORMULA, ids=repr)
def test_what_a_spreadsheet_would_run_is_defused(start: str) -> None:
    assert exports.defused(f"{start}1+1") == f"'{start}1+1"
    assert exports.defused(f"1{start}1") == f"1{start}1"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
async def test_no_cell_is_a_formula_and_nothing_is_lost(titles: list[str]) -> None:
    header, *rows = await written(titles)
    assert header == list(exports.COLUMNS)
    assert not any(cell.startswith(FORMULA) for row in rows for cell in row)
    assert [row[3] for row in rows] == [f"'{title}" if title.startswith(FORMULA) else title for title in titles]
