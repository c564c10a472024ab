import stat
from pathlib import Path

import pytest

from app.cli import environment
from app.cli.errors import CliError


@pytest.fixture
def environ(tmp_path: Path) -> environment.Environ:
    return {"LOCAL_DIR": str(tmp_path / "local")}


def test_what_nobody_named_is_embedded(environ: environment.Environ) -> None:
    local = environment.for_local(environ)
    assert local.servers == ("postgres", "redis")
    assert local.settings.database_url.startswith("postgresql://bulkhead@/bulkhead?host=")
    assert local.settings.redis_url.startswith("unix:///")


@pytest.mark.parametrize(
    ("named", "left"),
    [
        ({"DATABASE_URL": "postgresql://db/x"}, ("redis",)),
        ({"DB_HOST": "db"}, ("redis",)),
        ({"REDIS_URL": "redis://cache"}, ("postgres",)),
        ({"REDIS_PORT": "6380"}, ("postgres",)),
        ({"DB_HOST": "db", "REDIS_HOST": "cache"}, ()),
        ({"DATABASE_URL": " ", "REDIS_URL": ""}, ("postgres", "redis")),
        ({"DB_PASSWORD": "only for compose"}, ("postgres", "redis")),
    ],
)
def test_a_server_that_is_named_is_used_instead(
    environ: environment.Environ, named: dict[str, str], left: tuple[str, ...]
) -> None:
    local = environment.for_local(environ | named)
    assert local.servers == left
    assert ("bulkhead@/" in local.settings.database_url) is ("postgres" in left)
    assert local.settings.redis_url.startswith("unix:") is ("redis" in left)


def test_a_secret_is_made_once_and_for_its_owner_alone(environ: environment.Environ) -> None:
    secret = environment.for_local(environ).environ["JWT_SECRET"]
    assert len(secret) == 64
    assert environment.for_local(environ).environ["JWT_SECRET"] == secret
    [file] = Path(environ["LOCAL_DIR"]).iterdir()
    assert file.read_text() == secret
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_making_of_a_secret_may_be_interrupted(environ: environment.Environ) -> None:
    folder = Path(environ["LOCAL_DIR"])
    folder.mkdir()
    (folder / "jwt_secret.incoming").write_text("half a sec")
    assert len(environment.for_local(environ).environ["JWT_SECRET"]) == 64


def test_a_secret_of_ones_own_is_used_and_not_stored(environ: environment.Environ) -> None:
    local = environment.for_local(environ | {"JWT_SECRET": "x" * 40})
    assert local.settings.jwt_secret == "x" * 40
    assert list(Path(environ["LOCAL_DIR"]).iterdir()) == []


def test_production_makes_no_secret_up(environ: environment.Environ) -> None:
    with pytest.raises(CliError, match="JWT_SECRET is not set"):
        environment.for_local(environ | {"APP_ENV": "production"})


def test_processes_get_an_absolute_local_folder(environ: environment.Environ) -> None:
    assert environment.local_dir({}) == environment.REPOSITORY / ".local"
    assert environment.local_dir({"LOCAL_DIR": "elsewhere"}) == environment.REPOSITORY / "elsewhere"
    assert environment.for_local(environ).environ["LOCAL_DIR"] == environ["LOCAL_DIR"]


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),  # noqa: S104 - told, not bound
        ("::", "http://[::1]:80"),
        ("desk.example.com", "http://desk.example.com:80"),
    ],
)
def test_an_address_is_one_that_a_client_can_reach(host: str, url: str) -> None:
    assert environment.address(host, 80) == url
