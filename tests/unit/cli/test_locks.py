"""What `./manage.sh test` installs has all that runs Bulkhead, in the same versions."""

import re

from tests.support.servers import REPOSITORY

PIN = re.compile(r"^([a-z0-9.-]+==\S+(?: ; [^\\]+)?) \\$", re.MULTILINE)


def test_the_lock_of_developers_has_every_pin_of_the_one_that_runs() -> None:
    run = set(PIN.findall((REPOSITORY / "requirements.lock").read_text()))
    dev = set(PIN.findall((REPOSITORY / "requirements-dev.lock").read_text()))
    assert "playwright" not in str(run)
    assert len(run) > 30
    assert run < dev


def test_the_locks_name_no_host() -> None:
    for lock in REPOSITORY.glob("requirements*.lock"):
        assert "://" not in lock.read_text()
