"""Where a webhook may be: not within our own network, whatever its name says, and whatever that leads to later.

A name is resolved once for each request, every address that it has is looked at, and the connection goes to one of
these: nobody asks a second time, who could be answered otherwise.
"""

import asyncio
import ipaddress
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlsplit

from app.webhooks.errors import AddressRefused

LOOKUPS: Final = 32  # at once; one whose name server hangs keeps a thread for half a minute

_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052
_COMPATIBLE: Final = ipaddress.IPv6Network("::/96")  # RFC 4291, 2.5.5.1

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Target(NamedTuple):
    """Where a request goes: to an address, with the name that TLS and HTTP are to go by."""

    url: str
    name: str
    host: str  # as the Host header has it


class Addresses:
    """Refuses what is not public; in development, http and this machine are open too, so that it can be tried."""

    def __init__(self, *, is_development: bool) -> None:
        self._is_development = is_development
        self._threads = ThreadPoolExecutor(LOOKUPS, "resolver")

    def check(self, url: str) -> SplitResult:
        """Raise `AddressRefused` for what can be refused without asking what a name leads to."""
        parts = _parts(url)
        if parts.scheme == "http" and not self._is_development:
            raise AddressRefused("Only https is sent to")
        try:
            numeric = socket.getaddrinfo(parts.hostname, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        except OSError:
            return parts
        except UnicodeError as error:
            raise AddressRefused("There can be no such name of a host") from error
        self._check_each([str(found[4][0]) for found in numeric])
        return parts

    async def resolve(self, url: str) -> Target:
        """Return where a request to a URL is to go now.

        Raises:
            AddressRefused: one of its addresses is not to be sent to.
            OSError: its name leads nowhere.
        """
        parts = self.check(url)
        name, port = parts.hostname or "", parts.port or {"http": 80, "https": 443}[parts.scheme]
        found = await asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
        )
        addresses = [str(one[4][0]) for one in found]
        self._check_each(addresses)
        address = f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]
        path = parts._replace(scheme="", netloc="").geturl()
        return Target(f"{parts.scheme}://{address}:{port}{path}", name, parts.netloc)

    def _check_each(self, addresses: list[str]) -> None:
        for address in addresses:
            if not is_public(address) and not (self._is_development and is_this_machine(address)):
                raise AddressRefused(f"{address} is not a public address")


def is_public(address: str) -> bool:
    """Tell whether an address, and the IPv4 address that may be in it, belongs to the internet at large."""
    found = _embedded(ipaddress.ip_address(address))
    is_apart = found.is_multicast or found.is_reserved or getattr(found, "is_site_local", False)
    return found.is_global and not is_apart


def is_this_machine(address: str) -> bool:
    return _embedded(ipaddress.ip_address(address)).is_loopback


def _embedded(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 one leads to: mapped, compatible, by 6to4, Teredo or NAT64."""
    if isinstance(address, ipaddress.IPv4Address) or int(address) <= 1:  # :: and ::1 are what they are
        return address
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour or address
    if address.teredo:
        return address.teredo[1]
    if address in _NAT64 or address in _COMPATIBLE:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        is_good = parts.port != 0
    except ValueError:
        is_good = False
    if not is_good or not re.fullmatch(r"[!-~]+", url) or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise AddressRefused("Give a URL such as https://desk.example.com/hook, a host's name in ASCII")
    if "@" in parts.netloc or "#" in url or "\\" in url:
        raise AddressRefused("Give a URL without a user, a fragment and backslashes")
    return parts
