"""The console's files, as `npm run build` leaves them in app/web/dist: read once, and served beside the API."""

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Final, NamedTuple

from litestar import HttpMethod
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from app.http.codings import AS_IT_IS, CODINGS, best_of
from app.http.etags import etag_of, is_known

BUILT: Final = Path(__file__).with_name("web") / "dist"
INDEX: Final = "/index.html"
ROUTE: Final = "console"  # what metrics call all that is answered here
NEVER_PAGES: Final = {"api", "assets", "health", "metrics", "socket.io"}

FOR_EVER: Final = "public, max-age=31536000, immutable"  # the name of an asset has a hash of what is in it
ASK_AGAIN: Final = "no-cache"
MEDIA_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
# Scripts are files of ours, and nothing else; Mantine sets style attributes. 'self' includes websockets to this host.
PAGE_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class Prepared:
    """A whole answer, prepared at the start, as an ASGI application."""

    def __init__(self, status: HTTPStatus, headers: dict[str, str], body: bytes = b"") -> None:
        self._status = status
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        self._body = body
        if body:
            self._headers.append((b"content-length", b"%d" % len(body)))

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        body = b"" if scope["method"] == HttpMethod.HEAD else self._body  # type: ignore[typeddict-item]
        await send({"type": "http.response.start", "status": self._status, "headers": self._headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})


class File(NamedTuple):
    etag: str
    by_coding: dict[str, Prepared]
    not_modified: Prepared

    def answer(self, scope: Scope) -> Prepared:
        if is_known(scope, self.etag):
            return self.not_modified
        return self.by_coding[best_of(self.by_coding, scope)]


# 404 and not 503: where the API is wanted alone, nothing is out of order.
NOT_BUILT: Final = Prepared(
    HTTPStatus.NOT_FOUND,
    {"Content-Type": MEDIA_TYPES[".txt"]},
    b"The console is not built here: run ./manage.sh build, and then ./manage.sh restart.\n",
)


class Console:
    """Answers GET and HEAD with a file, or with the page that shows whatever people have in their address bar.

    All else it leaves to the API, which has a 404 for what neither has: a path in /assets, or one whose name has a dot,
    is that of a file, and never a page. Paths are looked up among the files found, so that none leads anywhere else.
    """

    def __init__(self, api: ASGIApp, folder: Path = BUILT) -> None:
        self._api = api
        self._files = dict(_files_in(folder))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_read = scope["type"] == ScopeType.HTTP and scope["method"] in {HttpMethod.GET, HttpMethod.HEAD}
        answer = self._find(scope) if is_read else None
        if answer is None:
            await self._api(scope, receive, send)
            return
        scope["path_template"] = ROUTE
        await answer(scope, receive, send)

    def _find(self, scope: Scope) -> Prepared | None:
        path = scope["path"]
        if not is_page(path):
            file = self._files.get(path)
            return file.answer(scope) if file else None
        page = self._files.get(f"{path}.html") or self._files.get(INDEX)
        return page.answer(scope) if page else NOT_BUILT


def is_page(path: str) -> bool:
    segments = path.removeprefix("/").split("/")
    return segments[0] not in NEVER_PAGES and "." not in segments[-1]


def _files_in(folder: Path) -> Iterator[tuple[str, File]]:
    """Find the files by their paths; the compressed ones belong to what they compress, hidden ones to nobody."""
    for file in folder.rglob("*"):
        if file.is_file() and file.suffix not in CODINGS.values() and not file.name.startswith("."):
            path = f"/{file.relative_to(folder).as_posix()}"
            yield path, _read(file, FOR_EVER if path.startswith("/assets/") else ASK_AGAIN)


def _read(file: Path, cache_control: str) -> File:
    body = file.read_bytes()
    etag = etag_of(body)
    # A 304 has them all: a browser puts them in the place of those that it has.
    headers = {"ETag": etag, "Cache-Control": cache_control, "Vary": "Accept-Encoding"} | PAGE_HEADERS
    typed = headers | {"Content-Type": MEDIA_TYPES.get(file.suffix, "application/octet-stream")}
    answers = {AS_IT_IS: Prepared(HTTPStatus.OK, typed, body)}
    for coding, suffix in CODINGS.items():
        compressed = file.with_name(file.name + suffix)
        if compressed.is_file():
            answers[coding] = Prepared(HTTPStatus.OK, typed | {"Content-Encoding": coding}, compressed.read_bytes())
    return File(etag, answers, Prepared(HTTPStatus.NOT_MODIFIED, headers))
