"""The way from an httpx request to bytes on a checked connection, or through the configured proxy."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from monitor.egress.connect import CheckedAddresses, CheckedBackend
from monitor.egress.failures import LostConnection, Unreachable, untrusted
from monitor.egress.library import httpcore, httpx
from monitor.errors import FetchFailed

_IDLE_SECONDS = 30.0


class PoolTransport(httpx.AsyncBaseTransport):
    """Sends requests through a pool of httpcore. Its errors leave as FetchFailed or AddressRefused."""

    def __init__(self, pool: httpcore.AsyncConnectionPool, *, through: str = "") -> None:
        self._pool = pool
        self._through = through

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        whom = request.url.host + self._through
        with translated(whom):
            answer = await self._pool.handle_async_request(_for_the_wire(request))
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(answer, whom), extensions=answer.extensions
        )

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    """The body of an answer as it comes from the connection."""

    def __init__(self, answer: httpcore.Response, host: str) -> None:
        self._answer = answer
        self._host = host

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with translated(self._host):
            async for part in self._answer.aiter_stream():
                yield part

    async def aclose(self) -> None:
        await self._answer.aclose()


def _for_the_wire(request: httpx.Request) -> httpcore.Request:
    return httpcore.Request(
        method=request.method,
        url=httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        ),
        headers=request.headers.raw,
        extensions=request.extensions,
    )


@contextmanager
def translated(host: str) -> Iterator[None]:
    """Turn what httpcore raises into the words of errors.py."""
    try:
        yield
    except httpcore.ProxyError as exc:
        raise FetchFailed(f"the proxy did not let us through to {host}: {exc}") from exc
    except (httpcore.ConnectError, httpcore.ConnectTimeout) as exc:
        raise _no_connection(host, exc) from exc
    except httpcore.TimeoutException as exc:
        raise LostConnection(f"{host} fell silent ({type(exc).__name__})") from exc
    except (httpcore.NetworkError, httpcore.ProtocolError) as exc:
        raise LostConnection(f"the answer of {host} broke off: {exc or type(exc).__name__}") from exc


def _no_connection(host: str, exc: Exception) -> FetchFailed:
    cause = exc.__cause__ or exc.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return untrusted(host, cause.verify_message)
    return Unreachable(f"no connection to {host}: {exc or type(exc).__name__}")


def direct_pool(addresses: CheckedAddresses, context: ssl.SSLContext | None) -> httpcore.AsyncConnectionPool:
    """Connections made by us, to checked addresses."""
    return httpcore.AsyncConnectionPool(
        ssl_context=context,
        network_backend=CheckedBackend(addresses),
        keepalive_expiry=_IDLE_SECONDS,
        http1=True,
        http2=False,
    )


def proxy_pool(proxy: str, context: ssl.SSLContext | None) -> httpcore.AsyncConnectionPool:
    """Connections made by the configured proxy, which resolves the names."""
    url = httpx.Proxy(proxy)
    return httpcore.AsyncHTTPProxy(
        proxy_url=str(url.url),
        proxy_auth=url.raw_auth,
        ssl_context=context,
        proxy_ssl_context=context if url.url.scheme == "https" else None,
        keepalive_expiry=_IDLE_SECONDS,
        http1=True,
        http2=False,
    )
