import errno
import socket

from app.cli.errors import CliError


def require_free(host: str, port: int) -> None:
    """CliError with one line that names PORT, or HOST, when no server could listen there."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen()
    except socket.gaierror as error:
        raise CliError(f"HOST {host} is no address of this machine") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CliError(
                f"PORT {port} on {host} is taken by another program: stop that, or set PORT to another number"
            ) from error
        if error.errno == errno.EADDRNOTAVAIL:
            raise CliError(f"HOST {host} is no address of this machine") from error
        if error.errno == errno.EACCES:
            raise CliError(f"PORT {port} is one that only root may use: set PORT to 1024 or higher") from error
        raise


def any_free(host: str) -> int:
    with socket.socket() as listener:
        listener.bind((host, 0))
        return int(listener.getsockname()[1])
