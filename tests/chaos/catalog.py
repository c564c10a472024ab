"""The scenarios there are, in the order in which they are played.

Each gets a scene, the dice, and a scale: 1 for the short form, 10 for the long one; the soak takes it for minutes.
"""

from collections.abc import Awaitable, Callable
from random import Random
from typing import Any, Final

from tests.chaos.scenarios import (
    api,
    deliveries,
    failover,
    letters,
    many,
    mixed,
    network,
    pace,
    postgres,
    races,
    redis,
    replica,
    retention,
    soak,
    workers,
)
from tests.chaos.scene import Scene

Scenario = Callable[[Scene, Random, Any], Awaitable[None]]

SOAK: Final = "Soak"
SCENARIOS: Final[dict[str, Scenario]] = {
    "SIGKILL of the only worker": workers.killed_alone,
    "SIGKILL of one of two workers": workers.killed_of_two,
    "SIGKILL at each step of a chunk": workers.killed_at_each_step,
    "SIGTERM and SIGSTOP of a worker": workers.stopped_and_frozen,
    "SIGKILL of the API around its answer": api.killed_around_its_answer,
    "SIGKILL of the API under its sockets": api.killed_under_its_sockets,
    "Redis emptied, its clients killed": redis.emptied_and_cut_off,
    "Redis killed, and back empty": redis.gone,
    "Redis out of memory": redis.full,
    "Postgres restarted": postgres.restarted,
    "Postgres: all backends terminated": postgres.backends_terminated,
    "Postgres: no connection left": postgres.connections_exhausted,
    "Postgres: tickets locked": postgres.tickets_locked,
    "Postgres: disk full": postgres.disk_full,
    "Primary killed, its standby in step": failover.synchronous,
    "Primary killed, its standby behind": failover.asynchronous,
    "Primary cut off, its standby in step": failover.cut_off,
    "PgBouncer restarted": failover.pooler_restarted,
    "Sentinels replace the master": failover.master_replaced,
    "Replica late, gone and back": replica.late_gone_and_back,
    "Network to Postgres frozen": network.frozen,
    "Races over the same tickets": races.over_the_same_tickets,
    "Races with the end of a job": races.steered_at_the_end,
    "Races of 200 posts with 20 keys": races.posted_at_once,
    "Races with people's edits": races.edited_meanwhile,
    "Jobs of every type, and SIGKILL": mixed.every_type,
    "Throttled: paused, killed, retried": pace.throttled,
    "High priority behind others": pace.high_before_others,
    "Retention while an undo needs the job": retention.needed_by_an_undo,
    "SIGKILL of workers that send": deliveries.killed_while_sending,
    "SIGKILL of workers that write e-mail": letters.killed_while_writing,
    "Many processes behind a proxy": many.killed_behind_a_proxy,
    "Rolling upgrade": many.upgraded,
    SOAK: soak.soak,
}
