import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator
from typing import Any, cast

import fakeredis
import pytest
from structlog.testing import capture_logs

from app.accounts.errors import TooManyAttempts
from app.accounts.limiter import ATTEMPTS, FAILURES, WINDOW_SECONDS, LoginLimiter

ADDRESS = "203.0.113.7"


@pytest.fixture
def server() -> fakeredis.FakeServer:
    return fakeredis.FakeServer()


@pytest.fixture
async def redis(server: fakeredis.FakeServer) -> AsyncIterator[fakeredis.FakeAsyncRedis]:
    redis = fakeredis.FakeAsyncRedis(server=server)
    yield redis
    await redis.aclose(close_connection_pool=True)


@pytest.fixture
def limiter(redis: fakeredis.FakeAsyncRedis) -> LoginLimiter:
    return LoginLimiter(redis)


async def use_up(limiter: LoginLimiter, login: str = "admin", address: str = ADDRESS) -> None:
    for _ in range(ATTEMPTS):
        await limiter.count(login, address)


async def test_ten_attempts_pass_and_the_eleventh_is_told_when_to_come_back(limiter: LoginLimiter) -> None:
    await use_up(limiter)
    with pytest.raises(TooManyAttempts) as refused:
        await limiter.count("admin", ADDRESS)
    assert 1 <= refused.value.retry_after_seconds <= 60
    assert refused.value.headers == {"Retry-After": str(refused.value.retry_after_seconds)}


def test_the_limit_is_ten_a_minute() -> None:
    assert (ATTEMPTS, WINDOW_SECONDS) == (10, 60)


async def test_trying_on_does_not_make_the_wait_longer(limiter: LoginLimiter, redis: fakeredis.FakeAsyncRedis) -> None:
    await use_up(limiter)
    [key] = await redis.keys()
    await redis.expire(key, 30)
    for _ in range(3):
        with pytest.raises(TooManyAttempts) as refused:
            await limiter.count("admin", ADDRESS)
        assert 1 <= refused.value.retry_after_seconds <= 30


class LastMoment:
    """A Redis, and a pipeline of it, where an attempt that is one too many finds `ttl_seconds` left."""

    def __init__(self, ttl_seconds: int, attempts: int, failures: int | None) -> None:
        self._ttl_seconds = ttl_seconds
        self._attempts = attempts
        self._failures = failures

    @contextlib.asynccontextmanager
    async def pipeline(self, *, transaction: bool) -> AsyncIterator["LastMoment"]:
        assert transaction
        yield self

    def set(self, key: str, value: int, *, ex: int, nx: bool) -> None: ...

    def incr(self, key: str) -> None: ...

    def ttl(self, key: str) -> None: ...

    def get(self, key: str) -> None: ...

    async def execute(self) -> list[int | None]:
        return [None, self._attempts, self._ttl_seconds, self._failures, self._ttl_seconds]


@pytest.mark.parametrize("ttl_seconds", [1, 0, -1, -2])
@pytest.mark.parametrize(("attempts", "failures"), [(ATTEMPTS + 1, None), (1, FAILURES)])
async def test_a_wait_of_less_than_a_second_is_told_as_one(
    ttl_seconds: int, attempts: int, failures: int | None
) -> None:
    with pytest.raises(TooManyAttempts) as refused:
        await LoginLimiter(cast(Any, LastMoment(ttl_seconds, attempts, failures))).count("admin", ADDRESS)
    assert refused.value.retry_after_seconds == 1


async def test_after_the_minute_one_may_try_again(limiter: LoginLimiter, redis: fakeredis.FakeAsyncRedis) -> None:
    await use_up(limiter)
    [key] = await redis.keys()
    await redis.pexpireat(key, 1)
    await limiter.count("admin", ADDRESS)


async def test_every_count_that_is_kept_ends_by_itself(limiter: LoginLimiter, redis: fakeredis.FakeAsyncRedis) -> None:
    await limiter.count("admin", ADDRESS)
    [key] = await redis.keys()
    assert 1 <= await redis.ttl(key) <= WINDOW_SECONDS


@pytest.mark.parametrize(("login", "address"), [("agent", ADDRESS), ("admin", "203.0.113.8"), ("admin\n", ADDRESS)])
async def test_other_users_and_other_addresses_have_their_own_ten(
    limiter: LoginLimiter, login: str, address: str
) -> None:
    await use_up(limiter)
    await limiter.count(login, address)


async def test_name_and_address_do_not_run_into_each_other(limiter: LoginLimiter) -> None:
    await use_up(limiter, "admin1", "1.1.1.1")
    await limiter.count("admin", "11.1.1.1")


async def test_upper_and_lower_case_of_a_name_share_their_ten(limiter: LoginLimiter) -> None:
    for login in itertools.islice(itertools.cycle(["admin", "ADMIN", "Admin"]), ATTEMPTS):
        await limiter.count(login, ADDRESS)
    with pytest.raises(TooManyAttempts):
        await limiter.count("aDMIN", ADDRESS)


async def test_two_processes_share_one_count(limiter: LoginLimiter, redis: fakeredis.FakeAsyncRedis) -> None:
    await use_up(limiter)
    with pytest.raises(TooManyAttempts):
        await LoginLimiter(redis).count("admin", ADDRESS)


async def test_a_success_clears_the_count_of_that_user_and_address_alone(limiter: LoginLimiter) -> None:
    await use_up(limiter)
    await use_up(limiter, "agent")
    await limiter.clear("ADMIN", ADDRESS)
    await use_up(limiter)
    with pytest.raises(TooManyAttempts):
        await limiter.count("agent", ADDRESS)


async def spray(limiter: LoginLimiter, count: int, address: str = ADDRESS) -> None:
    for number in range(count):
        await limiter.count(f"user-{number}", address)
        await limiter.fail(address)


async def test_an_address_that_failed_fifty_times_is_refused_whomever_it_tries_next(limiter: LoginLimiter) -> None:
    await spray(limiter, FAILURES)
    with pytest.raises(TooManyAttempts) as refused:
        await limiter.count("admin", ADDRESS)
    assert 1 <= refused.value.retry_after_seconds <= WINDOW_SECONDS
    await limiter.count("admin", "203.0.113.8")


async def test_who_needs_no_login_is_refused_by_failures_alone(limiter: LoginLimiter) -> None:
    for _ in range(3 * FAILURES):
        await limiter.admit(ADDRESS)
    await spray(limiter, FAILURES)
    with pytest.raises(TooManyAttempts) as refused:
        await limiter.admit(ADDRESS)
    assert 1 <= refused.value.retry_after_seconds <= WINDOW_SECONDS
    await limiter.admit("203.0.113.8")


async def test_a_success_does_not_clear_what_its_address_failed(limiter: LoginLimiter) -> None:
    await spray(limiter, FAILURES - 1)
    await limiter.count("admin", ADDRESS)
    await limiter.clear("admin", ADDRESS)
    await limiter.fail(ADDRESS)
    with pytest.raises(TooManyAttempts):
        await limiter.count("admin", ADDRESS)


async def test_successes_and_refusals_are_no_failures(limiter: LoginLimiter) -> None:
    for number in range(3 * FAILURES):
        await limiter.count(f"user-{number}", ADDRESS)
        await limiter.clear(f"user-{number}", ADDRESS)
    await use_up(limiter)
    for _ in range(FAILURES):
        with pytest.raises(TooManyAttempts):
            await limiter.count("admin", ADDRESS)
    await limiter.count("agent", ADDRESS)


async def test_failures_are_forgotten_after_a_minute_however_many_follow(
    limiter: LoginLimiter, redis: fakeredis.FakeAsyncRedis
) -> None:
    await limiter.fail(ADDRESS)
    [key] = await redis.keys()
    assert 1 <= await redis.ttl(key) <= WINDOW_SECONDS
    await redis.expire(key, 5)
    for _ in range(FAILURES):
        await limiter.fail(ADDRESS)
    assert await redis.ttl(key) <= 5


@pytest.mark.parametrize(
    ("address", "other", "is_same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("unknown", "unknown", True),
    ],
)
async def test_of_ipv6_the_network_counts(limiter: LoginLimiter, address: str, other: str, is_same: bool) -> None:
    await use_up(limiter, "admin", address)
    await spray(limiter, FAILURES, address)
    for login in ("admin", "agent"):
        if is_same:
            with pytest.raises(TooManyAttempts):
                await limiter.count(login, other)
        else:
            await limiter.count(login, other)


async def test_without_redis_nobody_is_refused(server: fakeredis.FakeServer, limiter: LoginLimiter) -> None:
    await use_up(limiter)
    server.connected = False
    with capture_logs() as lines:
        await limiter.count("admin", ADDRESS)
        await limiter.clear("admin", ADDRESS)
        await limiter.fail(ADDRESS)
    assert [line["event"] for line in lines] == ["login_limiter_open"] * 3


async def test_redis_learns_neither_name_nor_address(limiter: LoginLimiter, redis: fakeredis.FakeAsyncRedis) -> None:
    await limiter.count("maria@example.com", ADDRESS)
    await limiter.fail(ADDRESS)
    keys = await redis.keys()
    assert [await redis.get(key) for key in keys] == [b"1", b"1"]
    for key in keys:
        assert b"maria" not in key
        assert ADDRESS.encode() not in key


async def test_a_redis_that_does_not_answer_is_waited_for_only_briefly() -> None:
    class Silent:
        async def __aenter__(self) -> None:
            await asyncio.get_running_loop().create_future()

        async def __aexit__(self, *_: object) -> None:
            pass

        def pipeline(self, *, transaction: bool) -> "Silent":
            return self

    with capture_logs() as lines:
        await LoginLimiter(cast(Any, Silent())).count("admin", "192.0.2.1")
    assert [line["event"] for line in lines] == ["login_limiter_open"]
