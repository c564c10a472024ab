"""Every table there is, for what has to know them all: migrations, and the test that holds them against the models."""

from importlib import import_module
from pathlib import Path

from sqlalchemy import MetaData

from app import database


def load() -> MetaData:
    """Import the models of every slice, which join the metadata as they are imported."""
    for models in sorted(Path(__file__).parent.glob("*/models.py")):
        import_module(f"app.{models.parent.name}.models")
    return database.metadata
