import httpx

from app.tickets import store
from tests.support.workbench import Workbench


async def tags_of(client: httpx.AsyncClient) -> list[str]:
    answer = await client.get("/api/tags")
    assert answer.status_code == 200, answer.text
    tags: list[str] = answer.json()["tags"]
    return tags


async def tag(bench: Workbench, number: int, *tags: str) -> None:
    values = {"tags": list(tags), "number": number}
    await bench.execute("update tickets set tags = :tags where number = :number", **values)


async def test_tags_are_suggested_by_how_many_tickets_have_them(agent: httpx.AsyncClient, bench: Workbench) -> None:
    assert await tags_of(agent) == []
    await bench.tickets(5)
    assert await tags_of(agent) == []
    await tag(bench, 1, "rare", "mail")
    await tag(bench, 2, "vip", "mail")
    await tag(bench, 3, "vip", "mail")
    await tag(bench, 4, "of the deleted")
    await bench.execute("update tickets set deleted_at = now() where number = 4")
    assert await tags_of(agent) == ["mail", "vip", "rare"]


async def test_of_many_tickets_and_tags_some_are_looked_at(agent: httpx.AsyncClient, bench: Workbench) -> None:
    await bench.execute(
        """
        insert into tickets (title, requester_id, created_at, tags)
        select 'x', :id, timestamptz '2026-01-01Z' + n * interval '1 s',
               case when n = 1 then array['too old'] else array['t' || n % 200] end
        from generate_series(1, :count) as n
        """,
        id=bench.people.requester.id,
        count=store.TAGGED + 1,
    )
    tags = await tags_of(agent)
    assert len(set(tags)) == len(tags) == store.MOST_TAGS
    assert "too old" not in tags


async def test_requesters_are_not_told_what_others_tickets_are_about(requester: httpx.AsyncClient) -> None:
    assert (await requester.get("/api/tags")).status_code == 403
