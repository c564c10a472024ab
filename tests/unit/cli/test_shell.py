import pytest

from app.cli.commands import shell


@pytest.mark.parametrize(
    ("url", "plain", "password"),
    [
        ("postgresql://u:s%40cret@h:5432/x", "postgresql://u@h:5432/x", "s@cret"),
        ("postgresql://u@h/x?sslmode=require", "postgresql://u@h/x?sslmode=require", ""),
        ("postgresql://u@h/x?password=p%26q&sslmode=require", "postgresql://u@h/x?sslmode=require", "p&q"),
        ("postgresql://u@/x?host=%2Fa%20b&port=5432", "postgresql://u@/x?host=%2Fa%20b&port=5432", ""),
        ("postgresql://:p@[::1]:5432/x", "postgresql://@[::1]:5432/x", "p"),
    ],
)
def test_a_url_loses_its_password_and_nothing_else(url: str, plain: str, password: str) -> None:
    assert shell.without_password(url) == (plain, password)
