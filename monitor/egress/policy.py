"""How each source may be asked, and through which network."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

TransportName: TypeAlias = Literal["httpx", "urllib3"]

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class HostPolicy:
    """One source: its address, at most how many requests a second (0 = no limit), and as whom it is asked.

    `user_agent` None names the client library and this project. `allow_private_addresses` also allows http and ports
    other than 443. `transport` chooses the library that speaks HTTP: some hosts take one and refuse the other.
    """

    source: str
    base_url: str
    requests_per_second: float = 1.0
    user_agent: str | None = None
    allow_private_addresses: bool = False
    transport: TransportName = "httpx"


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """`proxy` is the URL of an HTTP proxy; `ca_bundle` a PEM file in place of the system's certificates."""

    proxy: str | None = field(default=None, repr=False)  # may hold a password
    ca_bundle: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one request may cost. Times in seconds, sizes in bytes.

    `deadline` is that of the whole answer, tries included. A body may grow to `ratio` times its coded size once it is
    larger than `ratio_from`. `patience` is how long, in all, a run waits for each host that is busy (429, 503).
    """

    deadline: float = 60.0
    connect: float = 10.0
    read: float = 30.0
    tries: int = 3
    first_wait: float = 0.5
    jitter: float = 1.0
    body: int = 64 * MIB
    ratio: int = 200
    ratio_from: int = MIB
    patience: float = 0.0


OF_A_PASS = Limits(patience=120.0)
"""Nobody sits and waits for a pass: a host that is busy for a moment may have two minutes."""


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """Scheme, host and port: what the allow-list is made of."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS.get(self.scheme) else f"{host}:{self.port}"


DEFAULT_PORTS = {"https": 443, "http": 80}


def origin_of(base_url: str) -> Origin:
    """The origin of a configured address. Raises ValueError, with the reason, for what is no plain http(s) URL."""
    parts = urlsplit(base_url)
    if parts.scheme not in DEFAULT_PORTS:
        raise ValueError("it must begin with https://")
    if parts.username is not None or parts.password is not None:
        raise ValueError("it must not hold a user name or password")
    if not parts.hostname:
        raise ValueError("it names no host")
    if parts.query or parts.fragment:
        raise ValueError("it must not have a query or fragment")
    return Origin(parts.scheme, ascii_host(parts.hostname), parts.port or DEFAULT_PORTS[parts.scheme])


def ascii_host(host: str) -> str:
    """The host as it stands on the wire: lower case, international names in their ASCII form."""
    try:
        return host.lower() if host.isascii() else host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise ValueError(f"{host!r} is no host name") from None


def refusal_of(origin: Origin, *, allow_private: bool) -> str | None:
    """Why this origin may not be asked at all, if so. The addresses behind its name are checked when connecting."""
    if allow_private:
        return None
    if origin.scheme != "https":
        return "only https is asked"
    if origin.port != DEFAULT_PORTS["https"]:
        return "only port 443 is asked"
    return None
