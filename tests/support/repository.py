"""A repository with this one's code and another console, so that no test builds, or waits for, the real one."""

from pathlib import Path

from tests.support.servers import REPOSITORY


def beside(folder: Path) -> Path:
    """Fill a folder with links to all of this repository but the console, and what is hidden, such as `.env`."""
    (folder / "app").mkdir(parents=True)
    for source, target in ((REPOSITORY, folder), (REPOSITORY / "app", folder / "app")):
        for path in source.iterdir():
            if path.name not in {"app", "web"} and not path.name.startswith("."):
                (target / path.name).symlink_to(path)
    return folder
