"""Whom requests of ours trust."""

import functools
import ssl

import httpx


@functools.cache
def trusted() -> ssl.SSLContext:
    """Return the usual authorities, read once a process: that takes 40 ms, and httpx would do it for each client."""
    return httpx.create_ssl_context()
