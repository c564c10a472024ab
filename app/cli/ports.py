import errno
import socket

from app.cli.errors import CliError

NOT_HERE = "HOST {host} is no address of this machine"
REFUSALS = {
    errno.EADDRINUSE: "PORT {port} on {host} is taken by another program: stop that, or set PORT to another number",
    errno.EADDRNOTAVAIL: NOT_HERE,
    errno.EACCES: "PORT {port} is one that only root may use: set PORT to 1024 or higher",
}


def require_free(host: str, port: int) -> None:
    """Raise `CliError` with one line that names PORT, or HOST, when no server could listen there."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as bound:  # it does not listen: another start at this moment may look as well
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(address)
    except OSError as error:
        refusal = NOT_HERE if isinstance(error, socket.gaierror) else REFUSALS.get(error.errno or 0, str(error))
        raise CliError(refusal.format(host=host, port=port)) from error


def any_free(host: str) -> int:
    with socket.socket() as listener:
        listener.bind((host, 0))
        return int(listener.getsockname()[1])
