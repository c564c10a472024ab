"""Programs of npm that only tests need, each pinned by a lock file of its own."""

import shutil
import subprocess
from pathlib import Path

from app.cli import node

INSTALL_SECONDS = 120


def install(source: Path, folder: Path) -> Path:
    """Install what the lock file in `source` pins into a new folder; return its `node_modules`."""
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("node_modules"))
    subprocess.run(
        ["npm", "ci", "--silent", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"],  # noqa: S607
        cwd=folder,
        env={"PATH": node.search_path(), "HOME": str(Path.home())},
        check=True,
        timeout=INSTALL_SECONDS,
    )
    return folder / "node_modules"
