"""What the tests of the way out share."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from monitor.egress.policy import TransportName


@pytest.fixture(params=["httpx", "urllib3"])
def transport(request: pytest.FixtureRequest) -> TransportName:
    name: TransportName = request.param
    return name


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for registry.example with its key, and the bundle that trusts it."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=registry.example"]
    command += ["-addext", "subjectAltName=DNS:registry.example"]
    subprocess.run(
        [*command, "-keyout", folder / "key.pem", "-out", folder / "cert.pem"], check=True, capture_output=True
    )
    return folder
