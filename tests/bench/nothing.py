"""An endpoint that does nothing, on the API's libraries and served with its options; it is asked for its port once."""

import socket
import sys
import threading

import uvicorn
from litestar import Litestar, get

from tests.bench import programs


@get("/", sync_to_thread=False)
def nothing() -> dict[str, str]:
    return {"status": "ok"}


def main() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        app = Litestar([nothing], openapi_config=None, logging_config=None)
        config = uvicorn.Config(
            app, loop="uvloop", http="httptools", ws="none", log_config=None, access_log=False, server_header=False
        )
        threading.Thread(target=_tell, args=(listening.getsockname()[1],), daemon=True).start()
        uvicorn.Server(config).run([listening])


def _tell(port: int) -> None:
    sys.stdin.readline()
    programs.answer(port)


if __name__ == "__main__":
    main()
