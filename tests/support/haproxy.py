"""compose.yaml's proxy in front of API processes of this machine."""

import contextlib
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]  # litestar brings it, without types

from tests.support.servers import REPOSITORY
from tests.support.waiting import until

LOADED = "Loading success."
STOP_SECONDS = 10
# What only a network of containers has, and what stands in its place here.
RESOLVERS = re.compile(r"resolvers docker\n( .*\n)+")
BIND = re.compile(r"bind :\d+")
IN_THE_CONTAINER = "/usr/local/etc/haproxy/"
TEMPLATE = re.compile(r"^( *)server-template .*$", re.MULTILINE)


def path() -> str | None:
    return shutil.which("haproxy", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")


def written(folder: Path, port: int, apis: Sequence[int]) -> Path:
    """Write compose.yaml's, for a proxy at `port` of the loopback and APIs at others, and return its file."""
    compose: dict[str, Any] = yaml.safe_load((REPOSITORY / "compose.yaml").read_text())
    content: dict[str, str] = {name: config["content"] for name, config in compose["configs"].items()}
    (folder / "no-answer.json").write_text(content["no-answer"])
    servers = "\n".join(rf"\1server api-{api} 127.0.0.1:{api} check" for api in apis)
    ours = TEMPLATE.sub(servers, BIND.sub(f"bind 127.0.0.1:{port}", RESOLVERS.sub("", content["proxy"])))
    file = folder / "haproxy.cfg"
    file.write_text(ours.replace(IN_THE_CONTAINER, f"{folder}/"))
    return file


class Proxy:
    def __init__(self, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self._process = process
        self._log = log

    async def is_up(self) -> None:
        await self._has_loaded(1)

    async def reload(self) -> None:
        """Have new processes take over; the old ones keep the connections that they have."""
        before = self._times_loaded()
        self._process.send_signal(signal.SIGUSR2)
        await self._has_loaded(before + 1)

    async def _has_loaded(self, times: int) -> None:
        await until(lambda: self._times_loaded() >= times)

    def _times_loaded(self) -> int:
        assert self._process.poll() is None, self._log.read_text()
        return self._log.read_text().count(LOADED)


@contextlib.contextmanager
def running(program: str, folder: Path, port: int, apis: Sequence[int]) -> Iterator[Proxy]:
    """Run it as its image does, with a master that can be told to reload."""
    file, log = written(folder, port, apis), folder / "haproxy.log"
    with log.open("wb") as out:
        process = subprocess.Popen([program, "-W", "-db", "-f", file], stdout=out, stderr=subprocess.STDOUT)
    try:
        yield Proxy(process, log)
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)
