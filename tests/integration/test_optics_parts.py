import asyncio

import httpx
import pytest


async def parts(client: httpx.AsyncClient) -> list[str]:
    found: list[str] = (await client.get("/api/optics-parts")).json()["parts"]
    return found


async def test_other_is_the_last_one_whatever_else_there_is(
    admin: httpx.AsyncClient, requester: httpx.AsyncClient
) -> None:
    assert await parts(requester) == ["Other"]
    for named, listed in (
        (["SFP-10G-SR", "QSFP-40G"], ["SFP-10G-SR", "QSFP-40G", "Other"]),
        (["Other", "b", "A", "B", "other"], ["b", "A", "Other"]),
        (["b", "A", "Other"], ["b", "A", "Other"]),
        ([], ["Other"]),
    ):
        answer = await admin.put("/api/optics-parts", json={"parts": named})
        assert (answer.status_code, answer.json()) == (200, {"parts": listed})
        assert await parts(requester) == listed


async def test_of_lists_that_are_put_at_once_one_stays_as_it_is(admin: httpx.AsyncClient) -> None:
    lists = [[f"{number}-{part}" for part in range(20)] for number in range(8)]
    answers = await asyncio.gather(*(admin.put("/api/optics-parts", json={"parts": each}) for each in lists))
    assert {answer.status_code for answer in answers} == {200}
    assert (await parts(admin))[:-1] in lists


async def test_a_change_is_in_the_audit_log(admin: httpx.AsyncClient) -> None:
    await admin.put("/api/optics-parts", json={"parts": ["a", "b"]})
    [entry] = (await admin.get("/api/audit", params={"action": "optics_parts.changed"})).json()["entries"]
    assert (entry["items"], entry["subjectId"]) == (2, None)


@pytest.mark.parametrize("named", [None, "SFP", [""], [" "], ["a\nb"], ["x" * 101], [1], [None], ["x"] * 1001], ids=str)
async def test_a_bad_list_changes_nothing(admin: httpx.AsyncClient, named: object) -> None:
    assert (await admin.put("/api/optics-parts", json={"parts": named})).status_code == 400
    assert await parts(admin) == ["Other"]
