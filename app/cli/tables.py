from collections.abc import Sequence


def of(rows: Sequence[Sequence[str]]) -> str:
    """Set rows in columns as wide as what is in them."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
