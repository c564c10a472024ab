"""HTTP clients of tests, which never speak TLS, nor through a proxy."""

import ssl
from typing import Any

import httpx

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # httpx would read all certificates for each client: 37 ms


def http_client(url: str, **options: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=url, verify=NO_TLS, trust_env=False, **options)
