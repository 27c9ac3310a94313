"""The other way to speak HTTP: some hosts take requests of one client library and refuse those of another.

Same checks as the first way: the connection goes to an address that was looked at, TLS names the host.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.metadata import version

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ProxyError, SSLError
from urllib3.util import Timeout, make_headers
from urllib3.util.ssl_match_hostname import CertificateError

from monitor.egress.connect import CheckedAddresses
from monitor.egress.failures import LostConnection, Unreachable, untrusted
from monitor.egress.library import httpx
from monitor.egress.policy import DEFAULT_PORTS, Limits
from monitor.errors import FetchFailed

VERSION = version("urllib3")
_CHUNK = 64 * 1024

logging.getLogger("urllib3").setLevel(
    logging.ERROR
)  # its DEBUG lines print URLs; what fails reaches people as our errors


class Urllib3Transport(httpx.AsyncBaseTransport):
    """Reads each answer in a thread, up to the size limit and the deadline. Errors leave as FetchFailed."""

    def __init__(
        self, addresses: CheckedAddresses, context: ssl.SSLContext | None, proxy: str | None, limits: Limits
    ) -> None:
        self._addresses = addresses
        self._context = context
        self._proxy = proxy
        self._limits = limits

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        port = request.url.port or DEFAULT_PORTS[request.url.scheme]
        host = request.url.raw_host.decode("ascii")
        found = [host] if self._proxy else await self._addresses.of(host, port)
        return await asyncio.to_thread(self._first_that_connects, request, found)

    def _first_that_connects(self, request: httpx.Request, addresses: Sequence[str]) -> httpx.Response:
        *others, final = addresses
        for address in others:
            with suppress(Unreachable):
                return self._exchange(request, address)
        return self._exchange(request, final)

    def _exchange(self, request: httpx.Request, address: str) -> httpx.Response:
        until = time.monotonic() + self._limits.deadline
        with _translated(request.url.host), self._pool(request.url, address) as pool:
            answer = pool.urlopen(
                "GET",
                str(request.url) if isinstance(pool, urllib3.ProxyManager) else request.url.raw_path.decode("ascii"),
                headers=dict(request.headers),
                retries=False,
                redirect=False,
                timeout=Timeout(connect=self._limits.connect, read=self._limits.read),
                preload_content=False,
                decode_content=False,
            )
            body = self._read(answer, until)
        return httpx.Response(answer.status, headers=list(answer.headers.items()), stream=httpx.ByteStream(body))

    def _pool(self, url: httpx.URL, address: str) -> urllib3.ProxyManager | urllib3.HTTPConnectionPool:
        """One connection for one question: this way out is for the few pages of a host that refuses the other."""
        if self._proxy:
            return _proxy(self._proxy, self._context)
        host = url.raw_host.decode("ascii")
        if url.scheme == "http":
            return urllib3.HTTPConnectionPool(address, url.port)
        return urllib3.HTTPSConnectionPool(
            address, url.port, ssl_context=self._context, server_hostname=host, assert_hostname=host
        )

    def _read(self, answer: urllib3.BaseHTTPResponse, until: float) -> bytes:
        """The body as sent; `read1` comes back with every packet, so that a drip meets the deadline."""
        body = bytearray()
        while part := answer.read1(_CHUNK, decode_content=False):
            body += part
            if len(body) > self._limits.body:
                raise FetchFailed(f"the body is larger than {self._limits.body} bytes")
            if time.monotonic() > until:
                raise FetchFailed(f"no complete answer within {self._limits.deadline:g} s")
        return bytes(body)


def _proxy(url: str, context: ssl.SSLContext | None) -> urllib3.ProxyManager:
    named = httpx.Proxy(url)
    login = None if named.auth is None else make_headers(proxy_basic_auth=":".join(named.auth))
    return urllib3.ProxyManager(str(named.url), proxy_headers=login, ssl_context=context, proxy_ssl_context=context)


@contextmanager
def _translated(host: str) -> Iterator[None]:
    """Turn what urllib3 raises into the words of errors.py."""
    try:
        yield
    except ProxyError as exc:
        raise FetchFailed(f"the proxy did not let us through to {host}: {exc.original_error}") from exc
    except SSLError as exc:
        raise _no_tls(host, exc) from exc
    except (NewConnectionError, ConnectTimeoutError) as exc:
        raise Unreachable(f"no connection to {host}: {exc}") from exc
    except HTTPError as exc:
        raise LostConnection(f"the answer of {host} broke off: {exc}") from exc


def _no_tls(host: str, error: SSLError) -> FetchFailed:
    cause = error.args[0] if error.args else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return untrusted(host, cause.verify_message)
    if isinstance(cause, CertificateError):  # urllib3 compares the host's name itself
        return untrusted(host, str(cause))
    return Unreachable(f"no connection to {host}: {cause}")
