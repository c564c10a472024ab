"""A receiver of webhooks that answers at once, but for `/hanging`; it is asked for its port, once."""

import asyncio
import socket
import sys
import threading
from typing import Any

import uvicorn

from tests.bench import programs

_START = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]}
_BODY = {"type": "http.response.body", "body": b"ok"}


async def receive_webhook(scope: Any, receive: Any, send: Any) -> None:
    """Be an ASGI application."""
    while (await receive()).get("more_body"):
        pass
    if scope["path"] == "/hanging":
        await asyncio.Event().wait()
    await send(_START)
    await send(_BODY)


def main() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(1024)
        config = uvicorn.Config(
            receive_webhook,
            lifespan="off",
            timeout_graceful_shutdown=1,  # what hangs hangs for ever
            loop="uvloop",
            http="httptools",
            ws="none",
            log_config=None,
            access_log=False,
        )
        threading.Thread(target=_tell, args=(listening.getsockname()[1],), daemon=True).start()
        uvicorn.Server(config).run([listening])


def _tell(port: int) -> None:
    sys.stdin.readline()
    programs.answer(port)


if __name__ == "__main__":
    main()
