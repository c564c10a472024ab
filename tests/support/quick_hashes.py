"""The API as it is, but that it hashes passwords in no time: for tests that call it by the thousand."""

from app import __main__ as api
from app.accounts import passwords
from tests.support.people import QUICK_HASHER


def main() -> None:
    passwords._hasher = QUICK_HASHER
    passwords.HASH_OF_NOTHING = QUICK_HASHER.hash("nobody's")
    api.main()


if __name__ == "__main__":
    main()
