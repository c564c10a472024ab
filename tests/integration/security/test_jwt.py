"""Tokens that are not ours, or not good now, at both doors: HTTP and the socket."""

import base64
import contextlib
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from socketio.exceptions import ConnectionError as ConnectionRefused

from app.settings import Settings
from tests.support.people import People
from tests.support.watcher import connecting
from tests.support.workbench import Workbench

Claims = dict[str, Any]
OTHER_SECRET = "another secret of thirty-two bytes"
PUBLIC_KEY = b"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n"


def forged(header: dict[str, Any], claims: Claims, key: bytes = b"") -> str:
    """Put a token together by hand: libraries refuse to make some of these."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims)]
    mac = hmac.digest(key, b".".join(parts), hashlib.sha256)
    return b".".join([*parts, base64.urlsafe_b64encode(mac).rstrip(b"=") if key else b""]).decode()


def without(claims: Claims, name: str) -> Claims:
    return {key: value for key, value in claims.items() if key != name}


BAD: dict[str, Callable[[Claims, str], str]] = {
    "alg none": lambda claims, _: forged({"alg": "none", "typ": "JWT"}, claims),
    "alg None": lambda claims, _: forged({"alg": "None", "typ": "JWT"}, claims),
    "alg none, and signed all the same": lambda claims, key: forged({"alg": "none"}, claims, key.encode()),
    "no alg": lambda claims, key: forged({"typ": "JWT"}, claims, key.encode()),
    "alg a list": lambda claims, key: forged({"alg": ["HS256"]}, claims, key.encode()),
    "an empty key": lambda claims, _: forged({"alg": "HS256"}, claims, b"\x00"),
    "another key": lambda claims, _: jwt.encode(claims, OTHER_SECRET),
    "a key of its own": lambda claims, _: jwt.encode(claims, OTHER_SECRET, headers={"jwk": {"kty": "oct", "k": "eA"}}),
    "HS384": lambda claims, key: jwt.encode(claims, key * 2, algorithm="HS384"),
    "HS512": lambda claims, key: jwt.encode(claims, key * 2, algorithm="HS512"),
    "RS256": lambda claims, _: forged({"alg": "RS256", "typ": "JWT"}, claims, PUBLIC_KEY),
    "HS256 by a public key": lambda claims, _: forged({"alg": "HS256", "typ": "JWT"}, claims, PUBLIC_KEY),
    "expired": lambda claims, key: jwt.encode(claims | {"iat": claims["iat"] - 60, "exp": claims["iat"] - 1}, key),
    "of the future": lambda claims, key: jwt.encode(claims | {"nbf": claims["iat"] + 600}, key),
    "issued in the future": lambda claims, key: jwt.encode(claims | {"iat": claims["iat"] + 50}, key),
    "without an end": lambda claims, key: jwt.encode(without(claims, "exp"), key),
    "without a subject": lambda claims, key: jwt.encode(without(claims, "sub"), key),
    "whose subject is a name": lambda claims, key: jwt.encode(claims | {"sub": "admin"}, key),
    "of nobody": lambda claims, key: jwt.encode(claims | {"sub": str(uuid4())}, key),
    "critical extension": lambda claims, key: jwt.encode(claims, key, headers={"crit": ["x"], "x": 1}),
}


@pytest.fixture
def claims(people: People) -> Claims:
    now = int(time.time())
    return {"sub": str(people.admin.id), "iat": now, "exp": now + 600}


async def statuses_of(client: httpx.AsyncClient, tokens: dict[str, str]) -> dict[str, int]:
    return {
        name: (await client.get("/api/audit", headers={"Authorization": f"Bearer {token}"})).status_code
        for name, token in tokens.items()
    }


async def lets_in(base_url: str, token: str) -> bool:
    with contextlib.suppress(ConnectionRefused):
        async with connecting(base_url, {"token": token}):
            return True
    return False


async def test_a_bad_token_opens_neither_door(
    stranger: httpx.AsyncClient, base_url: str, settings: Settings, claims: Claims
) -> None:
    tokens = {name: forge(claims, settings.jwt_secret) for name, forge in BAD.items()}
    assert await statuses_of(stranger, tokens) == dict.fromkeys(BAD, 401)
    assert {name: await lets_in(base_url, token) for name, token in tokens.items()} == dict.fromkeys(BAD, False)
    good = jwt.encode(claims, settings.jwt_secret)
    assert await statuses_of(stranger, {"good": good}) == {"good": 200}
    assert await lets_in(base_url, good)


async def test_the_token_of_a_deactivated_user_opens_neither_door(
    stranger: httpx.AsyncClient, base_url: str, settings: Settings, claims: Claims, bench: Workbench
) -> None:
    token = jwt.encode(claims, settings.jwt_secret)
    await bench.execute("update users set active = false where username = 'admin'")
    assert await statuses_of(stranger, {"deactivated": token}) == {"deactivated": 401}
    assert not await lets_in(base_url, token)


async def test_a_role_raised_in_the_token_raises_nothing(
    stranger: httpx.AsyncClient, base_url: str, settings: Settings, claims: Claims, people: People
) -> None:
    raised = claims | {"sub": str(people.agent.id), "role": "admin", "roles": ["admin"], "extras": {"role": "admin"}}
    token = jwt.encode(raised, settings.jwt_secret)
    assert await statuses_of(stranger, {"raised": token}) == {"raised": 403}
    async with connecting(base_url, {"token": token, "role": "admin"}) as watcher:
        assert await watcher.ask("join:user", str(people.admin.id)) == {"ok": False, "error": "forbidden"}
