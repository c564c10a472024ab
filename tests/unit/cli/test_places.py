"""What is said of a server that does not answer: where it was looked for, and by which setting."""

import pytest

from app.cli import databases
from app.cli.doctor.patient import Patient, planned
from app.cli.errors import CliError
from tests.support.environments import SERVERS


@pytest.mark.parametrize(
    ("named", "place"),
    [
        ({}, " at db, the host in DATABASE_URL: gone"),
        ({"DATABASE_URL": "", "DB_HOST": "Other"}, " at other, the host in DB_HOST: gone"),
        ({"DATABASE_URL": "postgresql://u:secret@one:5433,two/x"}, " at one or two, the hosts in DATABASE_URL: gone"),
        ({"DATABASE_URL": "postgresql://u@/x?host=/run/postgresql"}, "answer: gone"),
        ({"PGBOUNCER_URL": "postgresql://u:secret@pooler:6432/x"}, " at pooler, the host in PGBOUNCER_URL: gone"),
    ],
)
def test_postgres_is_named_with_the_setting_that_names_it(named: dict[str, str], place: str) -> None:
    with pytest.raises(CliError, match="the database does not answer") as said, databases.complaining(SERVERS | named):
        raise OSError("gone")
    assert str(said.value).endswith(place)
    assert "secret" not in str(said.value)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("redis://:secret@127.0.0.1:1", " at 127.0.0.1:1: "),
        ("redis+sentinel://:secret@127.0.0.1:1,127.0.0.1:2/m", " at 127.0.0.1:1 or 127.0.0.1:2: "),
        ("unix:///nonexistent/redis.sock", "answer: "),
    ],
)
async def test_redis_is_named_or_those_who_know_where_it_is(url: str, place: str) -> None:
    patient = Patient(planned(SERVERS | {"DATABASE_URL": "postgresql://u@/x?host=/nonexistent", "REDIS_URL": url}))
    async with patient.connected():
        assert place in patient.redis_trouble
        assert "secret" not in patient.redis_trouble
