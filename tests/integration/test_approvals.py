"""Decisions on requests: by whoever is logged in, and by links that need no login."""

import asyncio
import hashlib
from collections import Counter
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from arq.connections import ArqRedis
from sqlalchemy import text

from app.accounts.limiter import FAILURES, LoginLimiter
from app.accounts.models import Person
from app.approvals import links, store
from app.approvals.models import Link
from app.approvals.service import Approvals
from app.audit.models import Origin
from app.jobs.operations.bulk_update import BulkUpdate, BulkUpdatePayload
from app.tickets.events import Event, Payload
from tests.support.fakes import RecordedTicketAnnouncer
from tests.support.people import People
from tests.support.workbench import Workbench

CABLE = {"type": "cable", "fields": {"cableType": "Cat6", "cableLength": "100", "cableGauge": "23AWG"}}
NO_REASON = {"reason": "None left"}
AT_ONCE = 200


@pytest.fixture
def announcer() -> RecordedTicketAnnouncer:
    return RecordedTicketAnnouncer()


@pytest.fixture
def approvals(bench: Workbench, redis: ArqRedis, announcer: RecordedTicketAnnouncer) -> Approvals:
    return Approvals(bench.pools, announcer, bench.outbox, LoginLimiter(redis))


@pytest.fixture
async def asked(requester: httpx.AsyncClient, people: People) -> dict[str, Any]:
    """A requester's request that the agent is to decide on."""
    answer = await requester.post("/api/tickets", json=CABLE | {"assigneeId": str(people.agent.id)})
    ticket: dict[str, Any] = answer.json()
    return ticket


async def issued_to(bench: Workbench, ticket_id: object, user_id: UUID) -> Link | None:
    async with bench.engine.begin() as connection:
        return await links.issue(connection, UUID(str(ticket_id)), user_id)


@pytest.fixture
async def link(bench: Workbench, asked: dict[str, Any], people: People) -> Link:
    """What the agent was sent."""
    issued = await issued_to(bench, asked["id"], people.agent.id)
    assert issued is not None
    return issued


def path_of(ticket: dict[str, Any], *rest: str) -> str:
    return "/".join((f"/api/tickets/{ticket['id']}", *rest))


async def status_of(client: httpx.AsyncClient, ticket: dict[str, Any]) -> str:
    return str((await client.get(path_of(ticket))).json()["status"])


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def history_of(client: httpx.AsyncClient, ticket: dict[str, Any]) -> list[dict[str, Any]]:
    changes: list[dict[str, Any]] = (await client.get(path_of(ticket, "history"))).json()["changes"]
    return changes


# With a link


async def test_a_link_shows_what_is_asked_and_no_more(
    stranger: httpx.AsyncClient, asked: dict[str, Any], link: Link, people: People
) -> None:
    shown = (await stranger.get(f"/api/approvals/{link.token}")).json()
    same = ("number", "type", "title", "description", "fields", "status", "createdAt")
    assert shown == {
        **{name: asked[name] for name in same},
        "ticketId": asked["id"],
        "requester": {"id": str(people.requester.id), "username": "requester"},
        "expiresAt": link.expires_at.isoformat().replace("+00:00", "Z"),
    }


async def test_a_link_approves_once_and_says_so_after(
    stranger: httpx.AsyncClient, admin: httpx.AsyncClient, asked: dict[str, Any], link: Link, people: People
) -> None:
    answer = await stranger.post(path_of(asked, "approve", link.token))
    assert (answer.status_code, answer.json()["status"]) == (200, "approved")
    for again in (
        await stranger.post(path_of(asked, "approve", link.token)),
        await stranger.post(path_of(asked, "reject", link.token), json=NO_REASON),
        await stranger.get(f"/api/approvals/{link.token}"),
    ):
        assert refusal(again) == (410, "already_decided")
    [change] = await history_of(admin, asked)
    assert (change["before"], change["after"], change["actor"]["username"]) == ("pending_approval", "approved", "agent")
    [entry] = (await admin.get("/api/audit", params={"action": "ticket.approved"})).json()["entries"]
    assert (entry["actorId"], entry["subjectId"]) == (str(people.agent.id), asked["id"])
    assert (entry["address"], entry["details"]) == ("127.0.0.1", {"byLink": True})


async def test_who_sees_the_ticket_is_told_at_once(
    approvals: Approvals, announcer: RecordedTicketAnnouncer, bench: Workbench, asked: dict[str, Any], link: Link
) -> None:
    decided = await approvals.decide_by_link(UUID(asked["id"]), link.token, Origin(), "approved")
    [message] = announcer.messages
    by = Person(bench.people.agent.id, "agent")
    told = Payload(decided.ticket.id, decided.ticket.number, 2, decided.ticket.updated_at, by)
    assert message == Event("tickets:updated", bench.people.requester.id, internal=False, payload=told)
    assert bench.outbox.wakes == 1


async def test_who_asked_reads_why_it_was_rejected(
    stranger: httpx.AsyncClient, requester: httpx.AsyncClient, asked: dict[str, Any], link: Link
) -> None:
    path = path_of(asked, "reject", link.token)
    for body in ({}, {"reason": ""}, {"reason": "x" * 501}, {"reason": "a\0"}):
        assert (await stranger.post(path, json=body)).status_code == 400
    answer = await stranger.post(path, json=NO_REASON)
    assert (answer.status_code, answer.json()["status"]) == (200, "rejected")
    [change] = await history_of(requester, asked)
    assert (change["after"], change["reason"]) == ("rejected", "None left")


async def test_to_open_a_link_decides_nothing_and_leads_to_the_page_that_asks(
    stranger: httpx.AsyncClient, agent: httpx.AsyncClient, asked: dict[str, Any], link: Link
) -> None:
    for verb in ("approve", "reject"):
        for token in (link.token, "unknown", "a b"):
            opened = await stranger.get(path_of(asked, verb, token))
            page = f"/tickets/{asked['id']}/{verb}/{token.replace(' ', '%20')}"
            assert (opened.status_code, opened.headers["location"]) == (303, page)
    assert await status_of(agent, asked) == "pending_approval"


async def test_a_link_that_is_unknown_or_of_another_ticket_is_not_found(
    stranger: httpx.AsyncClient, agent: httpx.AsyncClient, asked: dict[str, Any], link: Link
) -> None:
    other = (await agent.post("/api/tickets", json=CABLE)).json()
    for path in (
        path_of(other, "approve", link.token),
        path_of(asked, "approve", link.token[:-1]),
        path_of(asked, "approve", "%00"),
        f"/api/tickets/{uuid4()}/approve/{link.token}",
    ):
        assert refusal(await stranger.post(path)) == (404, "not_found")
    assert refusal(await stranger.get("/api/approvals/unknown")) == (404, "not_found")
    assert await status_of(agent, asked) == await status_of(agent, other) == "pending_approval"


@pytest.mark.parametrize(
    "statement",
    [
        "update approval_tokens set expires_at = now()",
        "update users set active = false where username = 'agent'",
        "update users set role = 'requester' where username = 'agent'",
        "update tickets set assignee_id = (select id from users where username = 'admin')",
        "update tickets set assignee_id = null",
    ],
)
async def test_a_link_ends_with_its_time_and_with_the_right_to_decide(
    stranger: httpx.AsyncClient, bench: Workbench, asked: dict[str, Any], link: Link, statement: str
) -> None:
    await bench.execute(statement)
    assert refusal(await stranger.get(f"/api/approvals/{link.token}")) == (410, "link_expired")
    assert refusal(await stranger.post(path_of(asked, "approve", link.token))) == (410, "link_expired")


async def test_a_link_to_what_is_deleted_or_merged_says_that_nobody_has_to_decide(
    stranger: httpx.AsyncClient, agent: httpx.AsyncClient, bench: Workbench, asked: dict[str, Any], link: Link
) -> None:
    path = path_of(asked, "approve", link.token)
    await agent.delete(path_of(asked))
    assert refusal(await stranger.post(path)) == (410, "already_decided")
    await bench.execute("update tickets set deleted_at = null")
    survivor = (await agent.post("/api/tickets", json=CABLE)).json()
    assert (await agent.post(path_of(asked, "merge"), json={"into": survivor["id"]})).status_code == 200
    assert refusal(await stranger.post(path)) == (410, "already_decided")


async def test_what_a_bulk_job_decided_is_decided_until_that_is_undone(
    stranger: httpx.AsyncClient, bench: Workbench, asked: dict[str, Any], link: Link
) -> None:
    payload = BulkUpdatePayload(ticket_ids=[UUID(asked["id"])], status="approved")
    job = await bench.post(BulkUpdate(payload=payload))
    await bench.lanes().run(job.id)
    path = path_of(asked, "approve", link.token)
    assert refusal(await stranger.post(path)) == (410, "already_decided")
    undo = await bench.intake.undo(bench.caller, job.id)
    await bench.lanes().run(undo.id)
    assert (await stranger.post(path)).status_code == 200


async def test_of_all_who_use_one_link_at_once_one_decides(
    stranger: httpx.AsyncClient, admin: httpx.AsyncClient, asked: dict[str, Any], link: Link
) -> None:
    approve, reject = path_of(asked, "approve", link.token), path_of(asked, "reject", link.token)

    async def use(number: int) -> httpx.Response:
        while True:
            answer = await (stranger.post(approve) if number % 2 else stranger.post(reject, json=NO_REASON))
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:  # too many at once for a busy machine
                return answer

    answers = await asyncio.gather(*(use(number) for number in range(AT_ONCE)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 410: AT_ONCE - 1}
    [decided] = [answer.json() for answer in answers if answer.status_code == 200]
    now = (await admin.get(path_of(asked))).json()
    assert (now["status"], now["version"]) == (decided["status"], 2)
    assert [change["after"] for change in await history_of(admin, asked)] == [decided["status"]]


async def test_an_address_that_tries_out_many_is_refused_and_those_who_come_back_with_theirs_are_not(
    stranger: httpx.AsyncClient, asked: dict[str, Any], link: Link
) -> None:
    for _ in range(FAILURES):
        assert (await stranger.get(f"/api/approvals/{link.token}")).status_code == 200
    for number in range(FAILURES):
        assert (await stranger.post(path_of(asked, "approve", f"guess-{number}"))).status_code == 404
    refused = await stranger.post(path_of(asked, "approve", link.token))
    assert refusal(refused) == (429, "too_many_attempts")
    assert int(refused.headers["retry-after"]) >= 1


async def test_everyone_learns_the_names_of_those_who_can_be_asked_and_no_more(
    requester: httpx.AsyncClient, bench: Workbench, people: People
) -> None:
    await bench.execute("update users set active = false where username = 'other_admin'")
    found = (await requester.get("/api/approvers")).json()["approvers"]
    assert found == [{"id": str(user.id), "username": user.username} for user in (people.admin, people.agent)]
    part = await requester.get("/api/approvers", params={"text": "GEN"})
    assert [user["username"] for user in part.json()["approvers"]] == ["agent"]
    assert (await requester.get("/api/approvers", params={"text": "%"})).json() == {"approvers": []}


async def test_a_token_is_kept_as_a_hash_alone(bench: Workbench, link: Link) -> None:
    async with bench.engine.connect() as connection:
        [row] = await connection.execute(text("select approval_tokens.* from approval_tokens"))
    assert row.token_hash == hashlib.sha256(link.token.encode()).digest()
    assert link.token not in str(row)
    assert len(link.token) >= 43  # 256 bits in base64


async def test_each_message_has_a_link_of_its_own_and_all_of_them_are_worth_one_decision(
    stranger: httpx.AsyncClient, bench: Workbench, asked: dict[str, Any], link: Link, people: People
) -> None:
    others = [await issued_to(bench, asked["id"], user.id) for user in (people.agent, people.admin)]
    [by_agent, by_admin] = [other.token for other in others if other]
    assert len({link.token, by_agent, by_admin}) == 3
    assert (await stranger.post(path_of(asked, "approve", by_admin))).status_code == 200
    for token in (link.token, by_agent):
        assert refusal(await stranger.post(path_of(asked, "approve", token))) == (410, "already_decided")


async def test_there_is_no_link_for_who_has_nothing_to_decide(
    bench: Workbench, asked: dict[str, Any], people: People
) -> None:
    for user_id in (people.requester.id, uuid4()):
        assert await issued_to(bench, asked["id"], user_id) is None
    assert await issued_to(bench, uuid4(), people.agent.id) is None
    await bench.execute("update tickets set status = 'approved'")
    assert await issued_to(bench, asked["id"], people.agent.id) is None


async def test_links_are_forgotten_long_after_they_have_expired(bench: Workbench, link: Link) -> None:
    async with bench.engine.begin() as connection:
        assert await store.delete_old(connection, 10) == 0
        age = store.LIFE_DAYS + store.KEPT_DAYS
        await connection.execute(text(f"update approval_tokens set expires_at = expires_at - interval '{age} days'"))
        assert await store.delete_old(connection, 10) == 1


# Logged in


async def test_the_assignee_and_admins_decide_and_nobody_else(
    requester: httpx.AsyncClient, agent: httpx.AsyncClient, admin: httpx.AsyncClient, people: People
) -> None:
    def body(assignee: UUID) -> dict[str, Any]:
        return CABLE | {"assigneeId": str(assignee)}

    of_admin = (await requester.post("/api/tickets", json=body(people.admin.id))).json()
    assert refusal(await agent.post(path_of(of_admin, "approve"))) == (403, "not_the_approver")
    assert refusal(await agent.post(path_of(of_admin, "reject"), json=NO_REASON)) == (403, "not_the_approver")
    assert refusal(await requester.post(path_of(of_admin, "approve"))) == (403, "forbidden")
    for client, verb, sent in ((agent, "approve", None), (admin, "reject", NO_REASON)):
        ticket = (await requester.post("/api/tickets", json=body(people.agent.id))).json()
        decided = await client.post(path_of(ticket, verb), json=sent)
        assert (decided.status_code, decided.json()["version"]) == (200, 2)
        assert decided.json()["status"] == {"approve": "approved", "reject": "rejected"}[verb]
        [change] = await history_of(requester, ticket)
        assert change["reason"] == (NO_REASON["reason"] if sent else None)


async def test_what_does_not_wait_for_approval_is_not_decided_on(
    admin: httpx.AsyncClient, asked: dict[str, Any]
) -> None:
    general = (await admin.post("/api/tickets", json={"title": "T"})).json()
    assert (await admin.post(path_of(asked, "approve"))).status_code == 200
    for ticket, state in ((asked, "approved"), (general, "open")):
        for answer in (
            await admin.post(path_of(ticket, "approve")),
            await admin.post(path_of(ticket, "reject"), json=NO_REASON),
        ):
            assert refusal(answer) == (409, "transition_not_allowed")
            assert answer.json()["state"] == state
    assert (await admin.post(f"/api/tickets/{uuid4()}/approve")).status_code == 404


async def test_of_those_who_decide_at_once_logged_in_or_not_one_does(
    stranger: httpx.AsyncClient,
    agent: httpx.AsyncClient,
    admin: httpx.AsyncClient,
    asked: dict[str, Any],
    link: Link,
) -> None:
    answers = await asyncio.gather(
        stranger.post(path_of(asked, "approve", link.token)),
        agent.post(path_of(asked, "reject"), json=NO_REASON),
        admin.post(path_of(asked, "approve")),
    )
    codes = [answer.status_code for answer in answers]
    assert codes.count(200) == 1
    assert set(codes) <= {200, 409, 410}
    assert len(await history_of(admin, asked)) == 1
