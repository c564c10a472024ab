import pytest

from app.scrapers import Scrapers
from app.settings import load_settings
from tests.support.environments import SERVERS, refusal

TOKEN = "t" * 16


def scrapers(**environ: str) -> Scrapers:
    return Scrapers(load_settings({"APP_ENV": "test"} | SERVERS | environ))


def test_who_has_the_token_may_from_wherever() -> None:
    found = scrapers(METRICS_TOKEN=TOKEN)
    assert found.admit(f"Bearer {TOKEN}", "203.0.113.9", is_forwarded=True)
    for other in ("", "Bearer ", f"Bearer {TOKEN}x", TOKEN, "Bearer \udcff"):
        assert not found.admit(other, "127.0.0.1", is_forwarded=False)


@pytest.mark.parametrize(
    ("address", "is_inside"),
    [
        ("10.1.2.3", True),
        ("::ffff:10.1.2.3", True),
        ("fd00::7", True),
        ("11.0.0.1", False),
        ("127.0.0.1", False),
        ("", False),
        ("a-socket", False),
    ],
)
def test_who_asks_from_an_allowed_network_may_without_one(address: str, is_inside: bool) -> None:
    found = scrapers(METRICS_NETWORKS="10.0.0.0/8, fd00::/8")
    assert found.admit("", address, is_forwarded=False) is is_inside
    assert not found.admit("", address, is_forwarded=True)


def test_without_settings_nobody_may() -> None:
    assert not scrapers().admit("Bearer ", "127.0.0.1", is_forwarded=False)
    assert not scrapers().admit("Bearer None", "10.0.0.1", is_forwarded=False)


def test_in_development_this_machine_may() -> None:
    found = scrapers(APP_ENV="development")
    for address in ("127.0.0.1", "::1"):
        assert found.admit("", address, is_forwarded=False)
        assert not found.admit("", address, is_forwarded=True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("METRICS_TOKEN", "short"),
        ("METRICS_TOKEN", "with spaces in the middle"),
        ("METRICS_NETWORKS", "10.0.0.0/33"),
        ("METRICS_NETWORKS", "10.0.0.1/8"),
        ("METRICS_NETWORKS", "10.0.0.0/8;11.0.0.0/8"),
        ("METRICS_PORT", "65536"),
    ],
)
def test_a_refusal_names_the_setting_and_not_its_value(name: str, value: str) -> None:
    message = refusal(SERVERS | {name: value})
    assert message.startswith(name)
    assert value not in message
