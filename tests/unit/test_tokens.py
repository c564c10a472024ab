import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts import tokens
from app.accounts.tokens import Claims
from app.errors import Unauthorized

SECRET = "k" * 64
USER_ID = UUID("01980000-0000-7000-8000-00000000000a")
HOUR = 3600
DAY = 24 * HOUR


def forge(*, secret: str = SECRET, algorithm: str = "HS256", **changes: Any) -> str:
    """Sign a token of ours, but for `changes`; a claim of None is left out."""
    now = datetime.now(UTC).timestamp()
    claims = {"sub": str(USER_ID), "iat": int(now), "exp": int(now) + HOUR} | changes
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, secret, algorithm)


def in_seconds(seconds: int) -> int:
    return int(datetime.now(UTC).timestamp()) + seconds


def part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def test_a_token_names_its_user_and_its_end() -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    read = tokens.read(tokens.issue(USER_ID, SECRET, HOUR), SECRET)
    after = datetime.now(UTC)
    assert read.user_id == USER_ID
    assert before + timedelta(seconds=HOUR) <= read.expires_at <= after + timedelta(seconds=HOUR)


@given(st.uuids(), st.integers(60, 7 * DAY))
def test_every_user_and_every_life_can_be_read_back(user_id: UUID, ttl_seconds: int) -> None:
    assert tokens.read(tokens.issue(user_id, SECRET, ttl_seconds), SECRET).user_id == user_id


def test_a_token_made_as_ours_are_is_taken() -> None:
    assert tokens.read(forge(), SECRET).user_id == USER_ID


def test_a_token_says_after_which_change_of_the_password_it_was_issued() -> None:
    assert tokens.read(tokens.issue(USER_ID, SECRET, HOUR, version=3), SECRET).version == 3
    assert tokens.read(tokens.issue(USER_ID, SECRET, HOUR), SECRET).version == 0


def test_what_a_token_says_of_role_and_rights_is_not_even_read() -> None:
    read = tokens.read(forge(role="admin", is_admin=True, active=True, scope="all"), SECRET)
    assert read == Claims(USER_ID, read.expires_at)
    assert Claims.__struct_fields__ == ("user_id", "expires_at", "session_id", "version")


def test_a_token_of_ours_says_nothing_but_whose_it_is_and_when_it_ends() -> None:
    payload = jwt.decode(tokens.issue(USER_ID, SECRET, HOUR), options={"verify_signature": False})
    assert {"sub", "iat", "exp"} <= set(payload) <= {"sub", "iat", "exp", "extras"}
    assert payload.get("extras", {}) == {}


@pytest.mark.parametrize(
    "encoded",
    [
        pytest.param(forge(secret="", algorithm="none"), id="alg none"),
        pytest.param(forge(algorithm="HS512"), id="HS512, our key"),
        pytest.param(forge(algorithm="HS384"), id="HS384, our key"),
        pytest.param(forge(secret="x" * 64), id="another key"),
        pytest.param(forge(exp=in_seconds(-1)), id="expired"),
        pytest.param(forge(exp=0), id="expired in 1970"),
        pytest.param(forge(exp=None), id="no exp"),
        pytest.param(forge(exp="later"), id="exp a word"),
        pytest.param(forge(exp=float("inf")), id="exp infinite"),
        pytest.param(forge(exp=float("nan")), id="exp no number"),
        pytest.param(forge(exp=10**30), id="exp past all calendars"),
        pytest.param(forge(exp=True), id="exp a flag"),
        pytest.param(forge(exp=[]), id="exp a list"),
        pytest.param(forge(iat=in_seconds(DAY)), id="iat in the future"),
        pytest.param(forge(iat=None), id="no iat"),
        pytest.param(forge(iat="now"), id="iat a word"),
        pytest.param(forge(nbf=in_seconds(DAY)), id="nbf in the future"),
        pytest.param(forge(nbf="now"), id="nbf a word"),
        pytest.param(forge(sub=None), id="no sub"),
        pytest.param(forge(sub=""), id="sub empty"),
        pytest.param(forge(sub="admin"), id="sub a name"),
        pytest.param(forge(sub=f"{USER_ID}0"), id="sub too long"),
        pytest.param(forge(sub=str(USER_ID)[:-1]), id="sub too short"),
        pytest.param(forge(ver="1"), id="ver a text"),
        pytest.param(forge(ver=True), id="ver a flag"),
    ],
)
def test_a_token_that_is_not_ours_or_not_valid_now_is_refused(encoded: str) -> None:
    with pytest.raises(Unauthorized):
        tokens.read(encoded, SECRET)


@pytest.mark.parametrize("sub", [5, True, [str(USER_ID)], {"id": str(USER_ID)}])
def test_a_subject_that_is_no_text_is_refused(sub: object) -> None:
    header = part(b'{"alg":"HS256","typ":"JWT"}')
    now = in_seconds(0)
    payload = part(json.dumps({"sub": sub, "iat": now, "exp": now + HOUR}).encode())
    signature = jwt.api_jws.PyJWS().get_algorithm_by_name("HS256").sign(f"{header}.{payload}".encode(), SECRET.encode())
    with pytest.raises(Unauthorized):
        tokens.read(f"{header}.{payload}.{part(signature)}", SECRET)


@pytest.mark.parametrize(
    "encoded",
    [
        pytest.param("", id="empty"),
        pytest.param(" ", id="a space"),
        pytest.param("token", id="a word"),
        pytest.param("..", id="three nothings"),
        pytest.param("a.b.c", id="three letters"),
        pytest.param("." * 10_000, id="dots"),
        pytest.param("a" * 100_000, id="long"),
        pytest.param("é.é.é", id="not ascii"),
        pytest.param("\0", id="nul"),
        pytest.param(part(b"[" * 100_000) + ".e30.aaaa", id="a deep header"),
        pytest.param(part(b"\xff") + ".e30.aaaa", id="a header that is not utf-8"),
        pytest.param(part(b"null") + ".e30.aaaa", id="a header that is no object"),
        pytest.param(part(b'{"alg":["HS256"]}') + ".e30.aaaa", id="a list of algorithms"),
        pytest.param(part(b'{"alg":"HS256","kid":{}}') + ".e30.aaaa", id="a strange key id"),
        pytest.param(part(b'{"alg":"HS256","crit":5}') + ".e30.aaaa", id="a strange crit"),
        pytest.param(part(b'{"alg":"HS256","b64":false}') + ".e30.aaaa", id="a detached payload"),
        pytest.param(forge() + "." + part(b"{}"), id="one part too many"),
        pytest.param(" " + forge(), id="a space before"),
        pytest.param(forge().rpartition(".")[0] + ".", id="no signature"),
    ],
)
def test_garbage_is_refused(encoded: str) -> None:
    with pytest.raises(Unauthorized):
        tokens.read(encoded, SECRET)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_refused(text: str) -> None:
    with pytest.raises(Unauthorized):
        tokens.read(text, SECRET)


def test_a_token_with_any_character_of_its_claims_changed_is_refused() -> None:
    header, payload, signature = forge().split(".")
    for at, right in enumerate(payload):
        wrong = "A" if right != "A" else "B"
        with pytest.raises(Unauthorized):
            tokens.read(f"{header}.{payload[:at]}{wrong}{payload[at + 1 :]}.{signature}", SECRET)


@pytest.mark.parametrize("sub", ["", "admin", "{", "0" * 33])
def test_claims_of_a_verified_token_still_need_a_users_id(sub: str) -> None:
    with pytest.raises(Unauthorized):
        tokens.read(forge(sub=sub), SECRET)
