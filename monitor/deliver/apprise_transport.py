"""How Apprise's plugins reach the network: our addresses, our certificates, our proxy, and what was answered.

A plugin calls `requests.post` and the like and tells us no more than "it failed". While one of our sends runs, the
name `requests` in that plugin's module stands for `_Lent`, which does the same through a session of ours. That session
connects only to addresses that were looked at, checks certificates against `ca_bundle` or the system's store whatever
the plugin asks for, uses the configured proxy (never for this machine itself), reads no netrc and no proxy variables,
follows no redirect, and keeps what each exchange ended in: the status with its Retry-After, or the error and whether
the request had left. So a refusal, a throttle and an answer that never came can be told apart. Outside our sends, say
when a plugin is thrown away, nothing goes out.
"""

from __future__ import annotations

import io
import ssl
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError

from monitor.deliver.reach import addresses_of, is_near
from monitor.errors import SendError

CONNECT: Final = 10.0
READ: Final = 30.0
_BODY: Final = 64 * 1024  # of an answer; what a service says fits in far less
_CHUNK: Final = 8 * 1024
_WEEK: Final = 7 * 24 * 3600.0
_OTHER_WAYS: Final = frozenset({"Session", "session", "sessions", "api", "adapters", "options"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """How one request ended: with a status, or with an error. `sent` if the other side may have taken the request."""

    host: str
    status: int | None = None
    retry_after: float | None = None
    body: bytes = b""
    error: Exception | None = None
    sent: bool = False


@dataclass(slots=True, kw_only=True)
class Line:
    """One send's way out, and what happened on it. `until` is a moment of the monotonic clock.

    `headers` makes those that depend on the body, from the very bytes that leave.
    """

    trust: ssl.SSLContext
    proxy: str | None
    allow_private: bool
    until: float
    now: datetime
    headers: Callable[[bytes], Mapping[str, str]] | None = None
    exchanges: list[Exchange] = field(default_factory=list)

    def left(self) -> float:
        return self.until - time.monotonic()


_line: ContextVar[Line | None] = ContextVar("line", default=None)


@contextmanager
def lent(line: Line, module: str) -> Iterator[None]:
    """Within, the plugin of that module (and whatever thread runs it for us) goes through `line`."""
    plugin_module = sys.modules[module]
    if getattr(plugin_module, "requests", None) is requests:
        setattr(plugin_module, "requests", _Lent())  # noqa: B010 (the module's own name, known at run time)
    token = _line.set(line)
    try:
        yield
    finally:
        _line.reset(token)


class _Lent:
    """The library's own interface; its requests go through the line of the running send, and nowhere without one."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever the library offers)
        if name in _OTHER_WAYS:
            raise AttributeError(f"requests.{name} would go past the checks of addresses")
        return getattr(requests, name)

    def request(self, method: str, url: str, **options: Any) -> requests.Response:  # noqa: ANN401 (the library's)
        line = _line.get()
        if line is None:
            raise requests.exceptions.ConnectionError("nothing is asked outside a send")
        with requests.Session() as session:
            session.trust_env = False
            adapter = _Adapter(line)
            session.mount("https://", adapter)
            session.mount("http://", adapter)
            return session.request(method, url, **{**options, "allow_redirects": False})

    def get(self, url: str, **options: Any) -> requests.Response:  # noqa: ANN401 (the library's)
        return self.request("GET", url, **options)

    def post(self, url: str, **options: Any) -> requests.Response:  # noqa: ANN401 (the library's)
        return self.request("POST", url, **options)

    def put(self, url: str, **options: Any) -> requests.Response:  # noqa: ANN401 (the library's)
        return self.request("PUT", url, **options)

    def patch(self, url: str, **options: Any) -> requests.Response:  # noqa: ANN401 (the library's)
        return self.request("PATCH", url, **options)

    def delete(self, url: str, **options: Any) -> requests.Response:  # noqa: ANN401 (the library's)
        return self.request("DELETE", url, **options)

    def head(self, url: str, **options: Any) -> requests.Response:  # noqa: ANN401 (the library's)
        return self.request("HEAD", url, **options)


class _Adapter(HTTPAdapter):
    """Sends over checked addresses with checked certificates, within the line's time, and keeps the outcome."""

    def __init__(self, line: Line) -> None:
        super().__init__(max_retries=0)
        self._line = line
        self._address: str | None = None

    def send(  # type: ignore[override]  # the library's options are for it to read
        self,
        request: requests.PreparedRequest,
        **options: Any,  # noqa: ANN401 (the library's)
    ) -> requests.Response:
        self._seal(request)
        parts = urlsplit(request.url or "")
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        near = self._line.proxy and is_near(host, port, allow_private=self._line.allow_private)
        proxy = None if near else self._line.proxy
        options |= {"stream": True, "verify": True, "proxies": {"http": proxy, "https": proxy} if proxy else {}}
        try:
            return self._kept(host, self._tried(request, (host, port), options, proxied=bool(proxy)))
        except requests.RequestException as exc:
            self._line.exchanges.append(Exchange(host=host, error=exc, sent=_had_left(exc)))
            raise
        except SendError as exc:
            self._line.exchanges.append(Exchange(host=host, error=exc))
            raise requests.exceptions.ConnectionError(str(exc), request=request) from exc

    def _seal(self, request: requests.PreparedRequest) -> None:
        if self._line.headers is None:
            return
        content = request.body if isinstance(request.body, bytes) else str(request.body or "").encode()
        request.body = content
        request.prepare_content_length(content)
        request.headers.update(self._line.headers(content))

    def _tried(
        self, request: requests.PreparedRequest, place: tuple[str, int], options: Mapping[str, Any], *, proxied: bool
    ) -> requests.Response:
        """The answer from the first address that takes a connection."""
        addresses: tuple[str | None, ...] = (None,)
        if not proxied:
            addresses = addresses_of(*place, allow_private=self._line.allow_private)
            request.headers["Host"] = urlsplit(request.url or "").netloc.rpartition("@")[2]
        last: requests.RequestException | None = None
        for address in addresses:
            self._address = address
            try:
                return super().send(request, **{**options, "timeout": self._timeout(request)})
            except requests.exceptions.ConnectionError as exc:
                if _had_left(exc):
                    raise
                last = exc
        raise last or requests.exceptions.ConnectionError(f"{place[0]} has no address", request=request)

    def _timeout(self, request: requests.PreparedRequest) -> tuple[float, float]:
        left = self._line.left()
        if left <= 0:
            raise requests.exceptions.ConnectTimeout("no time is left", request=request)
        return min(CONNECT, left), min(READ, left)

    def _kept(self, host: str, response: requests.Response) -> requests.Response:
        """The answer with its body read, within time and size, so that no slow or endless one holds us up."""
        body = self._body(response)
        response.raw = io.BytesIO(body)
        self._line.exchanges.append(
            Exchange(
                host=host,
                status=response.status_code,
                retry_after=_retry_after(response.headers.get("Retry-After"), self._line.now),
                body=body,
                sent=True,
            )
        )
        return response

    def _body(self, response: requests.Response) -> bytes:
        """What came of the body; the status alone decides where it breaks off."""
        held = bytearray()
        with suppress(HTTPError):
            for chunk in response.raw.stream(_CHUNK, decode_content=True):
                held += chunk
                if len(held) > _BODY or self._line.left() <= 0:
                    break
        response.close()
        return bytes(held[:_BODY])

    def build_connection_pool_key_attributes(
        self,
        request: requests.PreparedRequest,
        verify: Any,  # noqa: ANN401 (the library's)
        cert: Any = None,  # noqa: ANN401 (the library's)
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """The library's place for another TLS context and host: the address looked at, with the name for TLS."""
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        if host["scheme"] == "https":
            pool |= {"ssl_context": self._line.trust, "cert_reqs": "CERT_REQUIRED"}
            if self._address:
                pool["server_hostname"] = host["host"]
        if self._address:
            host = {**host, "host": self._address}
        return host, pool

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:  # noqa: ANN401 (the library's)
        """Nothing to add: the TLS context checks, and only against its own store."""


def _had_left(exc: requests.RequestException) -> bool:
    """True if the request may have reached the other side: every error but those of making the connection."""
    if isinstance(
        exc,
        requests.exceptions.ConnectTimeout
        | requests.exceptions.SSLError
        | requests.exceptions.ProxyError
        | requests.exceptions.InvalidURL
        | requests.exceptions.InvalidSchema,
    ):
        return False
    cause = exc.args[0] if exc.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return not isinstance(reason, NewConnectionError | str)


def _retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds, from a number or a date; None for nothing, the past, nonsense and more than a week."""
    if not value:
        return None
    try:
        seconds = float(value) if value.strip().isdigit() else (parsedate_to_datetime(value) - now).total_seconds()
    except (TypeError, ValueError, OverflowError):
        return None
    return seconds if 0 < seconds <= _WEEK else None
