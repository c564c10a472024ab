"""Who may read metrics without being an admin: who has METRICS_TOKEN, or asks from METRICS_NETWORKS."""

import hmac
import ipaddress

from app.settings import Settings
from app.text import networks_of

LOOPBACK = "127.0.0.0/8,::1/128"


class Scrapers:
    def __init__(self, settings: Settings) -> None:
        """In development this machine is one of the networks."""
        self._token = settings.metrics_token
        networks = [settings.metrics_networks, LOOPBACK if settings.app_env == "development" else ""]
        self._networks = networks_of(",".join(networks)) or []

    def admit(self, authorization: str, address: str, *, is_forwarded: bool) -> bool:
        """Tell whether someone may; whose request a proxy has forwarded needs the token, whatever the address is."""
        right = f"Bearer {self._token}".encode()
        if self._token and hmac.compare_digest(authorization.encode(errors="replace"), right):
            return True
        return not is_forwarded and self._is_inside(address)

    def _is_inside(self, address: str) -> bool:
        if not self._networks:
            return False
        try:
            known = ipaddress.ip_address(address)
        except ValueError:  # that of a Unix socket, say
            return False
        mapped = known.ipv4_mapped if isinstance(known, ipaddress.IPv6Address) else None
        return any((mapped or known) in network for network in self._networks)
