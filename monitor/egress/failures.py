"""The kinds of FetchFailed that matter inside this room."""

from __future__ import annotations

from monitor.errors import FetchFailed


class Transient(FetchFailed):
    """Asking once more at once may help."""


class Unreachable(Transient):
    """No connection to the host came about."""


class LostConnection(Transient):
    """The connection broke, stalled or spoke no HTTP."""


class CutShort(Transient):
    """The body ended before its end, or is garbled on the way."""


class Untrusted(FetchFailed):
    """The certificate of the host, or of what stands in between, is not trusted."""


def untrusted(host: str, reason: str) -> Untrusted:
    """What is wrong with the certificate, and the usual reason inside an organisation."""
    return Untrusted(
        f"the certificate shown for {host} is not trusted: {reason}. If a proxy of your network "
        "opens TLS, name its certificate authority in network.ca_bundle."
    )
