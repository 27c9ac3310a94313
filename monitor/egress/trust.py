"""Which certificates are trusted."""

from __future__ import annotations

import ssl

from monitor.egress.policy import Network
from monitor.errors import UsageError


def tls_context(network: Network) -> ssl.SSLContext:
    """Certificates and host names are always checked: against `ca_bundle`, else against the system's store.

    Raises UsageError if the bundle cannot be read or holds no certificate.
    """
    try:
        return ssl.create_default_context(cafile=network.ca_bundle)
    except (OSError, ssl.SSLError) as exc:
        raise UsageError(
            f"network.ca_bundle: {network.ca_bundle} cannot be used ({exc}). Give a file of PEM certificates."
        ) from exc
