"""URLs that may name several servers, with commas between: `scheme://user:password@one:5432,two:5432/name`."""

import contextlib
import ipaddress
import re
from typing import Final, NamedTuple
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from app.text import has_good_port

POSTGRES_PORT: Final = 5432
REDIS_PORT: Final = 6379
SENTINEL_PORT: Final = 26379
MAX_PORT: Final = 65_535
TAKES_WRITES: Final = {"read-write", "primary"}
SESSIONS: Final = {"any", *TAKES_WRITES}  # what target_session_attrs may ask for: whoever works here has to write

Place = tuple[str, int]


class Sentinels(NamedTuple):
    """Whom to ask where the master of a name is, and how to talk to that."""

    places: list[Place]
    master: str
    database: int
    username: str | None
    password: str | None
    has_tls: bool


def places_of(url: str, default_port: int) -> list[Place]:
    """Return the hosts and ports that stand between a URL's account and its path.

    Raises:
        ValueError: one of them is none.
    """
    _, _, places = urlsplit(url).netloc.rpartition("@")
    return [_place(each, default_port) for each in places.split(",")] if places else []


def hosts_of(url: str) -> list[str]:
    """Return the hosts that a URL of Postgres names, wherever in it; folders of sockets are none."""
    named = ",".join(host for name, host in parse_qsl(urlsplit(url).query) if name == "host")
    return [host for host, _ in places_of(url, POSTGRES_PORT)] or [
        host for host in named.split(",") if host and not host.startswith("/")
    ]


def _place(text: str, default_port: int) -> Place:
    parts = urlsplit(f"//{text}")
    if not parts.hostname or parts.port == 0 or parts.path:
        raise ValueError(text)
    return parts.hostname, parts.port or default_port


def postgres(url: str) -> str:
    """Return a URL of Postgres as SQLAlchemy, asyncpg and libpq all read it: several hosts stand in its query.

    Of several servers that one is meant which takes writes, unless the URL says otherwise.

    Raises:
        ValueError: it is none of Postgres, what stands there is no host or port, or it wants one that takes no writes.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError(parts.scheme)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if query.get("target_session_attrs", "any") not in SESSIONS:
        raise ValueError(query["target_session_attrs"])
    places = max(places_of(url, POSTGRES_PORT), _places_in(query), key=len)
    if len(places) == 1:
        return url
    hosts, ports = zip(*places, strict=True)
    query |= {"host": ",".join(hosts), "port": ",".join(map(str, ports))}
    query.setdefault("target_session_attrs", "read-write")
    account = "".join(parts.netloc.rpartition("@")[:2])
    return f"{parts.scheme}://{account}{parts.path}?{urlencode(query, quote_via=quote, safe=',:')}"


def _places_in(query: dict[str, str]) -> list[Place]:
    """Return the hosts, or folders of sockets, of a query, each with its port, or with the one that is given for all.

    Raises:
        ValueError: they do not come in pairs, or one of them is no host or port.
    """
    hosts, ports = (query.get(name, "").split(",") for name in ("host", "port"))
    ports = ports * len(hosts) if len(ports) == 1 else ports
    places = [(host, int(port or POSTGRES_PORT)) for host, port in zip(hosts, ports, strict=True)]
    if not all((host or len(hosts) == 1) and 0 < port <= MAX_PORT for host, port in places):
        raise ValueError("no host, or no port")
    return places


def replica(url: str) -> str:
    """Return the URL of a server to read from: of one, or of a name behind which there are several.

    Raises:
        ValueError: it is none of Postgres, or names several.
    """
    parts = urlsplit(url)
    if "," in parts.netloc.rpartition("@")[2] or "," in dict(parse_qsl(parts.query)).get("host", ""):
        raise ValueError("names several servers")
    return postgres(url)


def redis(url: str) -> str:
    """Return a URL of Redis, or of its Sentinels, as it is.

    Raises:
        ValueError: it is neither, or names what is no host or port.
    """
    if is_of_sentinels(url):
        sentinels(url)
    elif urlsplit(url).scheme not in {"redis", "rediss", "unix"} or not has_good_port(url):
        raise ValueError("no URL of Redis")
    return url


def is_of_sentinels(url: str) -> bool:
    return urlsplit(url).scheme in {"redis+sentinel", "rediss+sentinel"}


def sentinels(url: str) -> Sentinels:
    """Read `redis+sentinel://user:password@one:26379,two:26379/name-of-the-master/0`.

    Raises:
        ValueError: it has no host, no port that is one, no name, or a database that is no number.
    """
    parts = urlsplit(url)
    master, _, database = parts.path.removeprefix("/").partition("/")
    places = places_of(url, SENTINEL_PORT)
    if not master or not places or parts.query:
        raise ValueError("names no master")
    username, password = _account(parts)
    return Sentinels(places, unquote(master), int(database or 0), username, password, parts.scheme.startswith("rediss"))


def _account(parts: SplitResult) -> tuple[str | None, str | None]:
    account, _, _ = parts.netloc.rpartition("@")
    username, _, password = account.partition(":")
    return unquote(username) or None, unquote(password) or None


def host(name: str) -> str:
    """Return a host as it stands in a URL: IPv6 addresses in brackets.

    Raises:
        ValueError: it is none.
    """
    with contextlib.suppress(ValueError):
        return f"[{ipaddress.IPv6Address(name)}]"
    if not re.fullmatch(r"[\w.-]+", name):
        raise ValueError(name)
    return name
