import io

import pytest

from app.cli import users
from app.cli.commands import user_create
from app.cli.errors import CliError


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def types(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    typed = iter(lines)
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr(users, "getpass", lambda _: next(typed))


@pytest.mark.parametrize("username", ["", "a" * 65, "ada@example.com", "ada\n", "a\x00da"])
def test_a_name_that_no_user_may_have_is_refused(username: str) -> None:
    with pytest.raises(CliError, match="a user's name has 1 to 64"):
        user_create.check(username, "ada@example.com")


@pytest.mark.parametrize("email", ["", "ada", "@example.com", "ada@", "ada@example.com\n", f"ada@{'x' * 254}"])
def test_what_is_no_e_mail_address_is_refused(email: str) -> None:
    with pytest.raises(CliError, match="is no e-mail address"):
        user_create.check("ada", email)


def test_a_password_is_typed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    types(monkeypatch, "a long password", "a long password")
    assert users.read_password() == "a long password"
    types(monkeypatch, "a long password", "a wrong password")
    with pytest.raises(CliError, match="differ"):
        users.read_password()


def test_a_password_is_one_line_of_the_input_where_nobody_types(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(" spaces are part of it \nand this is not\n"))
    assert users.read_password() == " spaces are part of it "


def test_no_password_at_all_is_told_from_one_too_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(CliError, match="pipe one in, or have one made by --random"):
        users.read_password()


@pytest.mark.parametrize("password", ["short", "x" * 1025])
def test_a_password_too_short_or_too_long_is_refused(monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(password))
    with pytest.raises(CliError, match="a password has 12 to 1024 characters"):
        users.read_password()
