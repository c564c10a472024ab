"""What Postgres takes as text."""

PLAIN_TEXT = r"^[^\x00]*$"  # a pattern for msgspec and OpenAPI: no NUL, which Postgres cannot store
