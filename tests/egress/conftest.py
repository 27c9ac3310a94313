"""What the tests of the way out share."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.egress.policy import TransportName
from tests.egress.certificates import make_certificate


@pytest.fixture(params=["httpx", "urllib3"])
def transport(request: pytest.FixtureRequest) -> TransportName:
    name: TransportName = request.param
    return name


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for registry.example with its key, and the bundle that trusts it."""
    return make_certificate(tmp_path_factory.mktemp("tls"), "DNS:registry.example")


@pytest.fixture(scope="session")
def expired(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, since yesterday no longer valid."""
    return make_certificate(tmp_path_factory.mktemp("tls"), "DNS:registry.example", days=-1)
