"""How old the newest backup is, of those that ./manage.sh backup has put where it puts them."""

import time
from pathlib import Path
from typing import Final

from app.cli.backups.files import FOLDER
from app.cli.doctor.findings import Finding
from app.cli.doctor.patient import Patient

WHOLE: Final = "*.tar"
OLD_DAYS: Final = 7


def backups(_: Patient) -> Finding:
    return look(FOLDER, time.time())


def look(folder: Path, now: float) -> Finding:
    """Others may take backups, which nobody here knows of: that there is none is told, and is no fault."""
    found = {file.stat().st_mtime: file.name for file in folder.glob(WHOLE)}
    if not found:
        todo = "./manage.sh backup takes one; if something else does, ask that how old its last one is"
        return Finding("ok", f"there is none in {folder}", todo)
    newest = max(found)
    days = (now - newest) / 86_400
    said = f"{found[newest]}, the newest, is {days:.0f} days old" if days >= 1 else f"{found[newest]} is of today"
    return Finding("warn", said, "./manage.sh backup takes another") if days >= OLD_DAYS else Finding("ok", said)
