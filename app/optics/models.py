from typing import Annotated, Final

from msgspec import Meta
from sqlalchemy import Column, Integer, String, Table

from app.database import metadata
from app.text import ONE_LINE

OTHER: Final = "Other"  # what is not in the list; it is always the last one
MAX_NAME: Final = 100  # characters

Name = Annotated[str, Meta(max_length=MAX_NAME, pattern=ONE_LINE, examples=["SFP-10G-SR"])]

optics_parts = Table(
    "optics_parts",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("name", String(MAX_NAME), nullable=False),
)
