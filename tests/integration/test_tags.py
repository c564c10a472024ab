import httpx

from app.tickets import store
from tests.support.workbench import Workbench


async def tags_of(client: httpx.AsyncClient, **query: str) -> dict[str, int]:
    """Return how many tickets have each tag, in the order of the answer."""
    answer = await client.get("/api/tags", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.json()["of"] == store.TAGGED
    return {found["tag"]: found["count"] for found in answer.json()["tags"]}


async def tag(bench: Workbench, number: int, *tags: str) -> None:
    values = {"tags": list(tags), "number": number}
    await bench.execute("update tickets set tags = :tags where number = :number", **values)


async def test_tags_are_suggested_by_how_many_tickets_have_them(agent: httpx.AsyncClient, bench: Workbench) -> None:
    assert await tags_of(agent) == {}
    await bench.tickets(5)
    assert await tags_of(agent) == {}
    await tag(bench, 1, "rare", "mail", "mail")
    await tag(bench, 2, "vip", "mail")
    await tag(bench, 3, "vip", "mail")
    await tag(bench, 4, "of the deleted")
    await bench.execute("update tickets set deleted_at = now() where number = 4")
    assert list((await tags_of(agent)).items()) == [("mail", 3), ("vip", 2), ("rare", 1)]


async def test_they_are_found_by_how_they_begin(agent: httpx.AsyncClient, bench: Workbench) -> None:
    await bench.tickets(2)
    await tag(bench, 1, "Mail", "mailing", "e-mail", "%")
    await tag(bench, 2, "mailing")
    assert await tags_of(agent, text="mAIL") == {"mailing": 2, "Mail": 1}
    assert await tags_of(agent, text="%") == {"%": 1}
    assert await tags_of(agent, text="none") == {}
    assert (await agent.get("/api/tags", params={"text": ""})).status_code == 400


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
    assert len(tags) == store.MOST_TAGS
    assert "too old" not in tags


async def test_requesters_are_not_told_what_others_tickets_are_about(requester: httpx.AsyncClient) -> None:
    assert (await requester.get("/api/tags")).status_code == 403
