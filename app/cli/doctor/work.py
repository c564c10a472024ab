"""What is to be done, who does it, and how soon those who watch are told."""

import subprocess
import sys
import time
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import text

from app.cli import environment
from app.cli.doctor.findings import Finding, Skipped
from app.cli.doctor.patient import Patient
from app.cli.environment import REPOSITORY
from app.cli.local import client, programs
from app.cli.processes import Process
from app.deliveries import store as deliveries
from app.jobs import events

WAITING_WARNS: Final = 60.0  # seconds that a job, or an event, waits for somebody
WAITING_FAILS: Final = 600.0
STALLED_SECONDS: Final = 900.0  # a job may take ten minutes to be prepared
SILENT_SECONDS: Final = 15.0  # every worker looks for work once a second
HEARTBEAT_SECONDS: Final = 10.0
HEARD_SECONDS: Final = 2.0
SLOW_SECONDS: Final = 0.25
WORKER: Final = "bulkhead-worker"  # what workers call themselves in pg_stat_activity

_JOBS = text("""
    select count(*) filter (where is_due and status = 'queued') as queued,
           coalesce(extract(epoch from now() - min(due_at) filter (where is_due and status = 'queued')), 0) as oldest,
           count(*) filter (where status = 'running') as running,
           count(*) filter (where status = 'running' and is_still) as stalled
    from (
        select status, coalesce(run_at, created_at) as due_at, coalesce(run_at, created_at) <= now() as is_due,
               updated_at < now() - make_interval(secs => :stalled) and coalesce(not_before <= now(), true) as is_still
        from jobs where status in ('queued', 'running')
    ) as active
""").bindparams(stalled=STALLED_SECONDS)
_WORKERS = text("""
    select count(*) as connections, count(distinct client_addr) as machines,
           extract(epoch from clock_timestamp() - max(greatest(query_start, state_change))) as silent
    from pg_stat_activity where application_name = :name and datname = current_database()
""").bindparams(name=WORKER)
_UNPLANNED = text("select coalesce(extract(epoch from now() - min(at)), 0) from events where planned_at is null")


async def queue(patient: Patient) -> Finding:
    row = (await patient.postgres.execute(_JOBS)).one()
    due = await deliveries.count_due(patient.postgres)
    return judge_queue(row.queued, float(row.oldest), row.running, row.stalled, due)


def judge_queue(queued: int, oldest_seconds: float, running: int, stalled: int, due: int) -> Finding:
    waits = f", the oldest for {oldest_seconds:.0f} s" if queued else ""
    said = f"{queued} queued{waits}; {running} running; {due} deliveries due"
    todo = "let more workers run, or set WORKER_LANES higher; ./manage.sh logs worker says what they do"
    if queued and oldest_seconds >= WAITING_WARNS:
        return Finding("fail" if oldest_seconds >= WAITING_FAILS else "warn", said, todo)
    if stalled:
        still = f"{stalled} running without a change for {STALLED_SECONDS / 60:.0f} minutes"
        return Finding("warn", f"{said}; {still}", "./manage.sh logs worker says what keeps it; cancel it, or wait")
    return Finding("ok", said)


async def workers(patient: Patient) -> Finding:
    """Ask the worker of this machine's stack, if there is one; of all others Postgres knows when they last asked it."""
    own = _own_workers(patient)
    if own is not None and own.status != "ok":
        return own
    try:
        row = (await patient.postgres.execute(_WORKERS)).one()
    except Skipped:
        if own is None:
            raise
        return own
    found = judge_workers(row.connections, row.machines, row.silent)
    return found._replace(said=f"{found.said}; {own.said}") if own else found


def judge_workers(connections: int, machines: int, silent_seconds: Any) -> Finding:
    todo = "./manage.sh up starts one; ./manage.sh logs worker says what it does"
    if not connections:
        return Finding("fail", "no worker is connected to Postgres", todo)
    silent, places = float(silent_seconds or 0), f" from {machines} machines" if machines > 1 else ""
    said = f"{connections} connections of workers{places}, which last asked {silent:.1f} s ago"
    if silent >= SILENT_SECONDS:
        return Finding("fail", said, "they hang: start them anew (./manage.sh restart does so here)")
    return Finding("ok", said)


def _own_workers(patient: Patient) -> Finding | None:
    """Ask the workers that the supervisor of this folder started; return what is wrong with one, else what one says."""
    running = client.processes(environment.local_dir(patient.environ))
    found = [_ask(process) for process in running if programs.find(process.name) is programs.WORKER]
    return next((finding for finding in found if finding.status != "ok"), found[0] if found else None)


def _ask(process: Process) -> Finding:
    """Ask a worker by the command that is made for that."""
    if process.pid is None or not process.is_running:
        todo = "./manage.sh up; ./manage.sh logs worker says more"
        return Finding("fail", f"the {process.name} is {process.state}", todo)
    command = [sys.executable, "-m", "worker.health", str(process.pid)]
    done = subprocess.run(
        command, cwd=REPOSITORY, capture_output=True, text=True, timeout=HEARTBEAT_SECONDS, check=False
    )
    said = done.stdout.strip() or "the worker does not say that it lives"
    return Finding("ok", said) if done.returncode == 0 else Finding("fail", said, "./manage.sh restart")


async def feed(patient: Patient) -> Finding:
    """Look how long news takes: through Redis to the API's sockets, and from the outbox to receivers."""
    unplanned_seconds = await _unplanned_seconds(patient)
    listeners = dict(await patient.redis.pubsub_numsub(events.CHANNEL))
    return judge_feed(await _lag(patient), sum(listeners.values()), unplanned_seconds)


def judge_feed(lag_seconds: float | None, listeners: int, unplanned_seconds: float) -> Finding:
    if lag_seconds is None:
        todo = "look into Redis' log: events come from Postgres meanwhile, once a second"
        return Finding("fail", f"Redis did not bring a message within {HEARD_SECONDS:.0f} s", todo)
    said = f"Redis brings news in {lag_seconds * 1000:.1f} ms, to {listeners} API processes"
    if unplanned_seconds >= WAITING_WARNS:
        late = f"{said}; events for webhooks and messages wait for {unplanned_seconds:.0f} s"
        return Finding("fail" if unplanned_seconds >= WAITING_FAILS else "warn", late, "is a worker up? see workers")
    if not listeners:
        return Finding("warn", said, "is an API up? see api; events come from Postgres, once a second")
    return (
        Finding("warn", said, "Redis or the way to it is slow") if lag_seconds >= SLOW_SECONDS else Finding("ok", said)
    )


async def _unplanned_seconds(patient: Patient) -> float:
    return float(await patient.postgres.scalar(_UNPLANNED) or 0)


async def _lag(patient: Patient) -> float | None:
    """Send a message to ourselves; return how long it took, None if it did not come."""
    channel = f"bulkhead:doctor:{uuid4().hex}"
    async with patient.redis.pubsub() as heard:
        await heard.subscribe(channel)
        await heard.get_message(timeout=HEARD_SECONDS)  # that of the subscription
        sent = time.monotonic()
        await patient.redis.publish(channel, b"")
        message = await heard.get_message(timeout=HEARD_SECONDS)
        return None if message is None else time.monotonic() - sent
