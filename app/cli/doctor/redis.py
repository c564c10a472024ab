"""The Redis server: what it is, and what it would forget."""

import contextlib
from typing import Any, Final

from redis.exceptions import RedisError

from app.cli import environment
from app.cli.doctor.findings import Finding, Skipped
from app.cli.doctor.patient import Patient

OLDEST: Final = (6, 2)
FULL: Final = 0.9


async def server(patient: Patient) -> Finding:
    try:
        return judge_server(await patient.redis.info())
    except Skipped:
        if not patient.redis_trouble:
            raise
        todo = "./manage.sh up starts it; ./manage.sh logs redis says why it ended"
        if "redis" not in environment.embedded(patient.environ):
            todo = "start it, or correct REDIS_URL (REDIS_HOST and the like); until then all works, and slower"
        return Finding("fail", patient.redis_trouble, todo)


def judge_server(info: dict[str, Any]) -> Finding:
    version = str(info["redis_version"])
    if tuple(map(int, version.split(".")[:2])) < OLDEST:
        return Finding("fail", f"Redis {version} is too old", f"upgrade it to {'.'.join(map(str, OLDEST))} or newer")
    if info.get("role", "master") != "master":
        return Finding("fail", f"Redis {version} is a replica, which takes no changes", "let REDIS_URL name its master")
    return Finding("ok", f"Redis {version}")


async def memory(patient: Patient) -> Finding:
    return judge_memory(await patient.redis.info("memory"))


def judge_memory(info: dict[str, Any]) -> Finding:
    """Look whether Redis may evict what it was given, or has no room for more."""
    used, most, policy = int(info["used_memory"]), int(info["maxmemory"]), info["maxmemory_policy"]
    said = f"{used / 10**6:.1f} MB used of {f'{most / 10**6:.0f} MB' if most else 'no limit'}, {policy}"
    if policy != "noeviction":
        todo = "set maxmemory-policy to noeviction: it may evict wake-ups, and counts of failed logins"
        return Finding("warn", said, todo)
    if most and used > most * FULL:
        return Finding("warn", said, "raise maxmemory: a full Redis takes nothing more")
    return Finding("ok", said)


async def persistence(patient: Patient) -> Finding:
    saves = ""
    with contextlib.suppress(RedisError):  # hosted ones keep CONFIG to themselves
        saves = (await patient.redis.config_get("save")).get("save", "")
    return judge_persistence(await patient.redis.info("persistence"), saves=bool(saves))


def judge_persistence(info: dict[str, Any], *, saves: bool) -> Finding:
    failed = [name for name in ("rdb_last_bgsave_status", "aof_last_write_status") if info.get(name, "ok") != "ok"]
    if failed:
        return Finding("fail", f"{' and '.join(failed)}: err", "look into Redis' log; is its disk full?")
    if int(info.get("aof_enabled", 0)):
        return Finding("ok", "append-only: a restart forgets a second at most")
    if saves:
        return Finding(
            "ok", "snapshots: a restart forgets what came after the last one, and workers look by themselves"
        )
    todo = "set appendonly to yes: no job is lost without it, but counts of failed logins are"
    return Finding("warn", "nothing is kept: a restart forgets all", todo)
