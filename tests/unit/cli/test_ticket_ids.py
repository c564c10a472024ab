from pathlib import Path

import pytest

from app.cli import ticket_ids
from app.cli.errors import CliError

ONE, OTHER = "01a1fb9f-7c1e-7d2a-9b4f-2f6f0a5c8e11", "01a1fb9f-7c1e-7d2a-9b4f-2f6f0a5c8e12"


@pytest.mark.parametrize(
    "text",
    [
        f"{ONE}\n{OTHER}\n",
        f"{ONE}\r\n\r\n  {OTHER.upper()}",
        f"{ONE},a title\n{OTHER}\n",
        f"id\n{ONE}\n{OTHER}\n",
        f'position,ticketId,ticketTitle\n0,{ONE},\'=1+1\n1,{OTHER},"of two\nlines"\n',
        f'"Ticket_ID"\n"{ONE}"\n"{OTHER}"\n',
    ],
)
def test_ids_are_a_line_each_or_a_column_of_a_table(text: str) -> None:
    named = ticket_ids.parse(text.splitlines(keepends=True), "f.csv")
    assert [str(id_) for id_ in named.ids] == [ONE, OTHER]


def test_an_id_that_comes_again_counts_once() -> None:
    named = ticket_ids.parse([ONE, OTHER, ONE, ONE], "f.csv")
    assert ([str(id_) for id_ in named.ids], named.repeated) == ([ONE, OTHER], 2)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([ONE, "", "abc"], "line 3 of f.csv: 'abc' is no id of a ticket; nothing was posted"),
        (["number,title", "7,a"], "line 1 of f.csv: 'number' is no id"),
        (["position,ticketId", "0"], "line 2 of f.csv: '' is no id"),
        (["id", f'"{ONE}\n', "\n", 'x"'], "line 4 of f.csv: "),
        ([], "f.csv names no tickets"),
        (["id", ""], "f.csv names no tickets"),
    ],
)
def test_a_bad_line_is_named_and_so_is_a_file_without_any(lines: list[str], said: str) -> None:
    with pytest.raises(CliError) as refused:
        ticket_ids.parse(lines, "f.csv")
    assert str(refused.value).startswith(said)


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "f.xlsx"
    file.write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(CliError, match="is no text in UTF-8"):
        ticket_ids.read(str(file))
