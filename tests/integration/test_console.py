"""The console's files beside the API; tests/integration/test_policy.py has the paths that stay the API's alone."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest

from app.console import NEVER_PAGES, Console, Prepared
from app.http.middleware import Exchanges
from tests.support.http import http_client
from tests.support.serving import serving

INDEX, SCRIPT, STYLE, BROTLI, GZIP = b"<!doctype html>", b"main()", b"body {}", b"as brotli", gzip.compress(b"main()")
DEEP_LINKS = ("/", "/tickets?status=open", "/jobs/0197a2f0-5b7e-7c3f-9d1a-3f6f6f0d3c11", "/apis", "/jobs/", "//x/")


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """What a build leaves, and beside it what nobody is to see."""
    (tmp_path / "secret.js").write_bytes(b"secret")
    assets = tmp_path / "dist" / "assets"
    assets.mkdir(parents=True)
    (tmp_path / "dist" / "index.html").write_bytes(INDEX)
    (tmp_path / "dist" / ".built-from").write_bytes(b"a hash")
    (assets / "main-a1b2.js").write_bytes(SCRIPT)
    (assets / "main-a1b2.js.br").write_bytes(BROTLI)
    (assets / "main-a1b2.js.gz").write_bytes(GZIP)
    (assets / "main-c3d4.css").write_bytes(STYLE)
    return tmp_path / "dist"


def console(folder: Path) -> Exchanges:
    """The console beside an API that has a word of its own for whatever is left to it."""
    return Exchanges(Console(Prepared(HTTPStatus.NOT_FOUND, {"Answered-By": "api"}), folder))


@pytest.fixture
async def browser(built: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(console(built)) as url, http_client(url) as client:
        yield client


async def test_every_address_of_a_page_gets_the_one_page(browser: httpx.AsyncClient) -> None:
    for link in DEEP_LINKS:
        answer = await browser.get(link)
        assert (answer.status_code, answer.content) == (200, INDEX), link
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["cache-control"] == "no-cache"


async def test_a_page_of_its_own_is_at_its_name(browser: httpx.AsyncClient, built: Path) -> None:
    (built / "docs.html").write_bytes(b"<!doctype html><title>The API</title>")
    async with serving(console(built)) as url, http_client(url) as client:
        assert (await client.get("/docs")).content == b"<!doctype html><title>The API</title>"
        assert (await client.get("/docs/deeper")).content == INDEX
    assert (await browser.get("/docs")).content == INDEX


async def test_the_page_is_sent_again_only_when_it_has_changed(browser: httpx.AsyncClient, built: Path) -> None:
    first = await browser.get("/")
    known = {"If-None-Match": first.headers["etag"]}
    again = await browser.get("/jobs", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    # What a 304 says takes the place of what the browser has: the API's own policy would leave a page without scripts.
    kept = first.headers.items() - {("content-length", str(len(INDEX)))}
    told = {name for name, _ in kept} - {"content-type", "date", "x-request-id"}
    assert {name: again.headers[name] for name in told} == {name: first.headers[name] for name in told}
    (built / "index.html").write_bytes(b"<!doctype html><title>New</title>")
    async with serving(console(built)) as url, http_client(url) as restarted:
        assert (await restarted.get("/", headers=known)).status_code == 200


async def test_assets_are_kept_for_a_year(browser: httpx.AsyncClient) -> None:
    for name, media_type in (("main-a1b2.js", "text/javascript"), ("main-c3d4.css", "text/css")):
        answer = await browser.get(f"/assets/{name}")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5, br;q=0", "gzip"),
        ("br ; q=0.000, gzip; q=0", None),
        ("br;q=0.001", "br"),
        ("brotli, x-gzip", None),
        ("", None),
    ],
)
async def test_of_the_codings_that_a_client_takes_the_best_is_sent(
    browser: httpx.AsyncClient, accepted: str, coding: str | None
) -> None:
    head = await browser.head("/assets/main-a1b2.js", headers={"Accept-Encoding": accepted})
    assert head.headers.get("content-encoding") == coding
    assert head.headers["content-length"] == str(len({"br": BROTLI, "gzip": GZIP, None: SCRIPT}[coding]))
    assert head.headers["vary"] == "Accept-Encoding"
    assert head.content == b""


async def test_what_was_compressed_is_sent_as_it_is(browser: httpx.AsyncClient) -> None:
    async with browser.stream("GET", "/assets/main-a1b2.js", headers={"Accept-Encoding": "br"}) as answer:
        assert [part async for part in answer.aiter_raw()] == [BROTLI]
    plain = await browser.get("/assets/main-c3d4.css", headers={"Accept-Encoding": "br"})
    assert (plain.content, plain.headers.get("content-encoding")) == (STYLE, None)


async def test_a_page_may_run_the_scripts_of_this_host_and_be_in_no_frame(browser: httpx.AsyncClient) -> None:
    headers = (await browser.get("/tickets")).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy == {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "connect-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "camera=()" in headers["permissions-policy"]


@pytest.mark.parametrize(
    "path",
    [
        *(f"/{name}" for name in sorted(NEVER_PAGES)),
        "/api/nowhere",
        "/%61pi/nowhere",
        "/api/jobs/a/b",
        "/socket.io/x",
        "/assets/",
        "/assets/main-a1b2",
        "/assets/main-0000.js",
        "/assets/main-a1b2.js/",
        "/favicon.ico",
        "/metrics.json",
    ],
)
async def test_what_is_no_page_is_never_answered_with_one(browser: httpx.AsyncClient, path: str) -> None:
    for method in ("GET", "HEAD"):
        answer = await browser.request(method, path, headers={"Accept": "text/html"})
        assert (answer.status_code, answer.headers.get("answered-by")) == (404, "api"), method


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.js",
        "/assets/../../secret.js",
        "/assets/..%2f..%2fsecret.js",
        "/%2e%2e/secret.js",
        "/..\\secret.js",
        "//secret.js",
        "/assets/main-a1b2.js.br",
        "/.built-from",
    ],
)
async def test_no_path_leads_out_of_the_build_or_to_what_is_not_for_browsers(
    browser: httpx.AsyncClient, path: str
) -> None:
    reader, writer = await asyncio.open_connection(browser.base_url.host, browser.base_url.port)
    head = f"GET {path} HTTP/1.1\r\nHost: console\r\nConnection: close\r\n\r\n"  # httpx would tidy the path up
    writer.write(head.encode())
    async with asyncio.timeout(5):
        answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert b"secret" not in answer
    assert b"a hash" not in answer


async def test_a_page_is_only_read(browser: httpx.AsyncClient) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        assert (await browser.request(method, "/tickets")).headers.get("answered-by") == "api", method


async def test_without_a_build_a_sentence_says_how_to_make_one(tmp_path: Path) -> None:
    async with serving(console(tmp_path / "dist")) as url, http_client(url) as browser:
        for link in DEEP_LINKS:
            answer = await browser.get(link)
            assert (answer.status_code, answer.headers["content-type"]) == (404, "text/plain; charset=utf-8")
            assert answer.text.count("\n") == 1
            assert "./manage.sh build" in answer.text
            assert answer.headers["cache-control"] == "no-store"
        assert (await browser.get("/api/nowhere")).headers["answered-by"] == "api"


async def test_the_api_process_has_it(stranger: httpx.AsyncClient) -> None:
    """Whether it is built here or not."""
    page = await stranger.get("/tickets")
    assert (page.status_code, page.headers["content-type"]) in {
        (200, "text/html; charset=utf-8"),
        (404, "text/plain; charset=utf-8"),
    }
    assert (await stranger.get("/api/health")).json() == {"status": "ok"}
