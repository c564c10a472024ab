from typing import Any

import pytest

from app.cli import payloads
from app.cli.errors import CliError


@pytest.mark.parametrize(
    ("texts", "fields"),
    [
        (["status=open,tag=spam"], {"status": "open", "tags": "spam"}),
        (["status=open,pending,tag=spam"], {"status": ["open", "pending"], "tags": "spam"}),
        (["status=open", "status=pending", "assignee=none"], {"status": ["open", "pending"], "assigneeId": "none"}),
        (["deleted=true"], {"deleted": True}),
        (['text="a = b"'], {"text": '"a = b"'}),
        ([" status = open "], {"status": "open"}),
        (["tag=true"], {"tags": "true"}),
        (["status=open,text=printer, fire,tag=spam"], {"status": "open", "text": "printer, fire", "tags": "spam"}),
        (
            ["type=cable,fields.cableType=Cat6,fields.quantity=3"],
            {"type": "cable", "fields": {"cableType": "Cat6", "quantity": 3}},
        ),
        (["fields.cableLength=3, or 5 ft"], {"fields": {"cableLength": "3, or 5 ft"}}),
        (
            ["fields.part=12", "fields.part=13", "fields.quantity=few"],
            {"fields": {"part": ["12", "13"], "quantity": "few"}},
        ),
    ],
)
def test_a_filter_has_fields_with_one_value_or_several(texts: list[str], fields: dict[str, Any]) -> None:
    assert payloads.filter_of(texts) == fields


@pytest.mark.parametrize("text", ["", "open", "=open", "status=", "status=open,,tag=spam"])
def test_a_filter_without_a_name_or_a_value_is_refused(text: str) -> None:
    with pytest.raises(CliError, match="where NAME=VALUE is due"):
        payloads.filter_of([text])


def test_what_a_job_sets_is_json_or_a_text() -> None:
    found = payloads.settings_of(["status=closed", "force=true", "addTags=a,b", "assigneeId=null", "body=Hello = all"])
    expected = {"status": "closed", "force": True, "addTags": ["a", "b"], "assigneeId": None, "body": "Hello = all"}
    assert found == expected


@pytest.mark.parametrize("text", ["status", "=closed"])
def test_what_sets_nothing_is_refused(text: str) -> None:
    with pytest.raises(CliError, match="where NAME=VALUE is due"):
        payloads.settings_of([text])
