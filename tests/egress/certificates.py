"""Certificates that sign themselves, made for a test."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


def make_certificate(folder: Path, names: str, *, days: int = 2) -> Path:
    """cert.pem and key.pem in the folder: for `names` ("DNS:registry.example"), expired where the days are negative."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl to make a certificate with")
    folder.mkdir(exist_ok=True)
    key, request, extensions = folder / "key.pem", folder / "request.pem", folder / "extensions"
    extensions.write_text(f"subjectAltName={names}\n", encoding="ascii")
    asked = ["req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=made for a test", "-keyout", key, "-out", request]
    signed = ["x509", "-req", "-in", request, "-signkey", key, "-extfile", extensions, "-out", folder / "cert.pem"]
    for command in (asked, [*signed, "-days", str(days)]):
        subprocess.run([openssl, *map(str, command)], check=True, capture_output=True)
    return folder
