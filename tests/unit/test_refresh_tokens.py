from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts import tokens as access
from app.errors import Unauthorized
from app.sessions import tokens
from app.sessions.errors import SessionOver

KEY = "k" * 64
SESSION_ID = UUID("01980000-0000-7000-8000-00000000000b")


@given(st.uuids())
def test_a_token_says_which_session_it_is_of_and_has_its_secret(session_id: UUID) -> None:
    secret = tokens.new_secret()
    assert tokens.read(tokens.issue(session_id, secret, KEY), KEY) == (session_id, secret)


def test_no_two_secrets_are_alike_and_none_is_short() -> None:
    secrets = {tokens.new_secret() for _ in range(1000)}
    assert len(secrets) == 1000
    assert min(map(len, secrets)) >= 43  # 32 bytes


def test_neither_kind_of_token_passes_for_the_other() -> None:
    refresh, of_access = tokens.issue(SESSION_ID, "s", KEY), access.issue(SESSION_ID, KEY, 300, SESSION_ID)
    with pytest.raises(SessionOver):
        tokens.read(of_access, KEY)
    with pytest.raises(Unauthorized):
        access.read(refresh, KEY)
    assert access.read(of_access, KEY).session_id == SESSION_ID


def test_a_token_with_any_character_of_its_claims_changed_is_refused() -> None:
    header, payload, signature = tokens.issue(SESSION_ID, "s", KEY).split(".")
    for at, right in enumerate(payload):
        wrong = "A" if right != "A" else "B"
        with pytest.raises(SessionOver):
            tokens.read(f"{header}.{payload[:at]}{wrong}{payload[at + 1 :]}.{signature}", KEY)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_refused(text: str) -> None:
    with pytest.raises(SessionOver):
        tokens.read(text, KEY)
