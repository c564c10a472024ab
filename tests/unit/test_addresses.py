import socket
from typing import Any

import pytest

from app.webhooks import addresses
from app.webhooks.addresses import Addresses
from app.webhooks.errors import AddressRefused

NOT_PUBLIC = {
    "this host": "0.0.0.0",  # noqa: S104 - refused, not listened on
    "loopback": "127.0.0.1",
    "another loopback": "127.255.255.254",
    "private, 10": "10.1.2.3",
    "private, 172.16": "172.16.0.1",
    "private, 192.168": "192.168.1.1",
    "shared by a provider's customers": "100.64.0.1",
    "link-local": "169.254.0.1",
    "metadata of a cloud": "169.254.169.254",
    "protocol assignments": "192.0.0.1",
    "documentation": "192.0.2.1",
    "benchmarks": "198.18.0.1",
    "multicast": "224.0.0.1",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "IPv6 unspecified": "::",
    "IPv6 loopback": "::1",
    "IPv6 link-local": "fe80::1",
    "IPv6 link-local with its zone": "fe80::1%lo",
    "IPv6 site-local": "fec0::1",
    "IPv6 unique local": "fd00::1",
    "IPv6 multicast": "ff02::1",
    "IPv6 documentation": "2001:db8::1",
    "IPv6 discard": "100::1",
    "mapped loopback": "::ffff:127.0.0.1",
    "mapped private": "::ffff:10.0.0.1",
    "compatible loopback": "::127.0.0.1",
    "6to4 of loopback": "2002:7f00:1::",
    "6to4 of private": "2002:a00:1::1",
    "NAT64 of loopback": "64:ff9b::127.0.0.1",
    "NAT64 of private": "64:ff9b::10.0.0.1",
    "NAT64 of a network": "64:ff9b:1::1",
    "Teredo of private": "2001:0:4136:e378:8000:63bf:f5ff:fffe",
}
PUBLIC = {
    "IPv4": "8.8.8.8",
    "IPv6": "2606:4700:4700::1111",
    "mapped": "::ffff:8.8.8.8",
    "6to4": "2002:808:808::1",
    "NAT64": "64:ff9b::8.8.8.8",
}
NUMBERS = {
    "decimal": "https://2130706433/",
    "octal": "https://0177.0.0.1/",
    "hexadecimal": "https://0x7f.0x0.0x0.0x1/",
    "short": "https://127.1/",
    "zero": "https://0/",
    "IPv6": "https://[::1]/",
    "mapped": "https://[::ffff:7f00:1]/",
    "with a port": "https://10.0.0.1:8443/hook",
}
MALFORMED = {
    "no scheme": "desk.example.com/hook",
    "another scheme": "ftp://desk.example.com/",
    "a file": "file:///etc/passwd",
    "no host": "https:///hook",
    "a user": "https://user:password@desk.example.com/",
    "a name that looks like a user": "https://desk.example.com@127.0.0.1/",
    "a fragment": "https://desk.example.com/#hook",
    "a backslash": "https://desk.example.com\\@127.0.0.1/",
    "a space": "https://desk.example.com/a b",
    "a line break": "https://desk.example.com/\r\nX-Injected: yes",
    "a port that is none": "https://desk.example.com:99999/",
    "port 0": "https://desk.example.com:0/",
    "a name that is not in ASCII": "https://d\u00ebsk.example.com/",
    "an empty label": "https://desk..example.com/",
    "a label that is too long": f"https://{'x' * 64}.example.com/",
    "a broken IPv6 address": "https://[::1/",
}


class Names:
    """In place of the resolver: what a name leads to, look-up by look-up, and how often it was asked for."""

    def __init__(self, *answers: list[str]) -> None:
        self.asked = 0
        self._answers = answers

    def look_up(self, host: str, port: int | None, **options: Any) -> list[Any]:
        if options.get("flags"):
            raise socket.gaierror
        self.asked += 1
        found = self._answers[min(self.asked, len(self._answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]


@pytest.mark.parametrize("address", NOT_PUBLIC.values(), ids=NOT_PUBLIC.keys())
def test_what_is_not_of_the_internet_at_large(address: str) -> None:
    assert not addresses.is_public(address)


@pytest.mark.parametrize("address", PUBLIC.values(), ids=PUBLIC.keys())
def test_what_is(address: str) -> None:
    assert addresses.is_public(address)


@pytest.mark.parametrize("url", [*NUMBERS.values(), *MALFORMED.values()], ids=[*NUMBERS, *MALFORMED])
def test_a_url_that_is_refused_when_it_is_given(url: str) -> None:
    with pytest.raises(AddressRefused):
        Addresses(is_development=False).check(url)


@pytest.mark.parametrize("address", NOT_PUBLIC.values(), ids=NOT_PUBLIC.keys())
async def test_a_name_that_leads_there_is_refused_when_it_is_sent_to(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Names([address]).look_up)
    with pytest.raises(AddressRefused):
        await Addresses(is_development=False).resolve("https://desk.example.com/")


async def test_so_is_one_with_a_single_such_address_among_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Names(["8.8.8.8", "127.0.0.1"]).look_up)
    with pytest.raises(AddressRefused):
        await Addresses(is_development=False).resolve("https://desk.example.com/")


async def test_a_name_is_asked_for_once_and_the_request_goes_to_that_address(monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names(["8.8.8.8"], ["127.0.0.1"])
    monkeypatch.setattr(socket, "getaddrinfo", names.look_up)
    target = await Addresses(is_development=False).resolve("https://desk.example.com:8443/hook?a=b")
    assert target == ("https://8.8.8.8:8443/hook?a=b", "desk.example.com", "desk.example.com:8443")
    assert names.asked == 1


@pytest.mark.parametrize("url", ["http://127.0.0.1:3000/hook", "http://[::1]:3000/", "https://127.1/"])
def test_development_may_try_it_on_this_machine(url: str) -> None:
    Addresses(is_development=True).check(url)
    with pytest.raises(AddressRefused):
        Addresses(is_development=False).check(url)


@pytest.mark.parametrize("url", ["http://10.0.0.1/", "http://169.254.169.254/latest/meta-data"])
def test_but_not_on_its_neighbors(url: str) -> None:
    with pytest.raises(AddressRefused):
        Addresses(is_development=True).check(url)


def test_outside_of_development_only_https_is_sent_to() -> None:
    with pytest.raises(AddressRefused):
        Addresses(is_development=False).check("http://desk.example.com/hook")
