from collections.abc import Iterator
from pathlib import Path

import pytest
from arq.connections import ArqRedis

from app.accounts import tokens
from app.settings import Settings
from tests.support.people import People
from tests.support.system import System


@pytest.fixture
def system(settings: Settings, people: People, redis: ArqRedis, tmp_path: Path) -> Iterator[System]:
    """Nothing runs yet; whatever a test starts is stopped after it."""
    system = System(settings, tmp_path, LOG_LEVEL="warning")
    yield system
    system.stop()


@pytest.fixture
def admin_token(settings: Settings, people: People) -> str:
    return tokens.issue(people.admin.id, settings.jwt_secret, 600)


@pytest.fixture
def agent_token(settings: Settings, people: People) -> str:
    return tokens.issue(people.agent.id, settings.jwt_secret, 600)
