"""Environments to load settings of."""

from collections.abc import Mapping

import pytest

from app.settings import SettingsError, load_settings

SERVERS = {"DATABASE_URL": "postgresql://db/bulkhead", "REDIS_URL": "redis://redis"}


def refusal(environ: Mapping[str, str]) -> str:
    with pytest.raises(SettingsError) as refused:
        load_settings(environ)
    return str(refused.value)
