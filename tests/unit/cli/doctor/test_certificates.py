"""Certificates of what the settings name, looked at over a real handshake."""

import contextlib
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli import ports
from app.cli.doctor import certificates
from app.settings import load_settings
from tests.support.environments import SERVERS

OPENSSL = shutil.which("openssl")
HOST = "localhost"


def test_each_server_that_is_named_with_tls_is_looked_at_once() -> None:
    named = {"APP_URL": "https://desk.example.com", "FRONTEND_URL": "https://desk.example.com:443"}
    settings = load_settings(SERVERS | named | {"REDIS_URL": "rediss://:secret@redis.example.com/0"})
    assert list(certificates.places(settings)) == [
        ("APP_URL", ("desk.example.com", 443)),
        ("REDIS_URL", ("redis.example.com", 6379)),
    ]
    assert list(certificates.places(load_settings(SERVERS | {"APP_URL": "http://desk.example.com"}))) == []


@pytest.mark.parametrize(("days", "status"), [(90, "ok"), (20, "warn"), (6, "fail"), (-1, "fail")])
def test_a_certificate_is_renewed_in_time(days: float, status: str) -> None:
    assert certificates.judge("APP_URL", days).status == status


def test_what_cannot_be_reached_is_left_alone() -> None:
    found = certificates.look("APP_URL", "127.0.0.1", ports.any_free("127.0.0.1"))
    assert found.status == "ok"
    assert "127.0.0.1 cannot be reached from here" in found.said


@pytest.mark.skipif(OPENSSL is None, reason="makes a certificate with openssl")
def test_one_that_nobody_signed_fails_and_one_that_is_trusted_tells_its_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving_tls(tmp_path, days=30) as port:
        stranger = certificates.look("APP_URL", HOST, port)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate"))
        trusted = certificates.look("APP_URL", HOST, port)
    assert (stranger.status, stranger.todo) == ("fail", "use one that clients trust")
    assert (trusted.status, trusted.said) == ("ok", "APP_URL: good for 30 days")


@contextlib.contextmanager
def serving_tls(folder: Path, days: int) -> Iterator[int]:
    """Shake hands with whoever comes, two of them, with a certificate that signs itself."""
    words = f"req -x509 -newkey rsa:2048 -nodes -days {days} -subj /CN={HOST} -addext subjectAltName=DNS:{HOST}"
    files = ["-keyout", str(folder / "key"), "-out", str(folder / "certificate")]
    subprocess.run([str(OPENSSL), *words.split(), *files], capture_output=True, check=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate", folder / "key")
    with socket.create_server((HOST, 0)) as server:

        def shake_hands() -> None:
            for _ in range(2):
                line, _ = server.accept()
                with line, contextlib.suppress(OSError), context.wrap_socket(line, server_side=True) as secured:
                    secured.recv(1)

        shaking = threading.Thread(target=shake_hands)
        shaking.start()
        yield server.getsockname()[1]
        shaking.join()
