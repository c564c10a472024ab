from pathlib import Path

import pytest

from app.cli import turns
from app.cli.errors import CliError


@pytest.mark.parametrize("first", [turns.backing_up, turns.restoring])
@pytest.mark.parametrize("second", [turns.backing_up, turns.restoring])
def test_backups_and_restores_are_kept_apart(tmp_path: Path, first: turns.Turn, second: turns.Turn) -> None:
    environ = {"LOCAL_DIR": str(tmp_path / "local")}
    with first(environ), pytest.raises(CliError, match="another backup or restore is under way"), second(environ):
        pass
    with second(environ):
        pass


def test_nothing_is_started_or_stopped_during_a_restore_but_during_a_backup(tmp_path: Path) -> None:
    environ = {"LOCAL_DIR": str(tmp_path / "local")}
    turns.require_no_restore(environ)
    with turns.backing_up(environ):
        turns.require_no_restore(environ)
    with turns.restoring(environ), pytest.raises(CliError, match="a restore is under way"):
        turns.require_no_restore(environ)
