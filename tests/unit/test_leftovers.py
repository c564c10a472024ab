import asyncio

import pytest

from tests.support import internals, leftovers


def test_what_a_test_leaves_running_is_ended_and_what_was_there_before_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        monkeypatch.setattr(internals, "tests_loop", lambda: loop)
        stays = loop.create_task(asyncio.sleep(60))
        with leftovers.ended():
            left = loop.create_task(asyncio.sleep(60))
        assert left.cancelled()
        assert not stays.done()
