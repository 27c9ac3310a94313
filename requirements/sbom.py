"""Prints what the program is made of, from the lock, as a CycloneDX document: python requirements/sbom.py

The same lock always gives the same bytes: no time, and a serial number made from the content.
"""

from __future__ import annotations

import json
import re
import sys
import uuid
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
_PIN: Final = re.compile(r"^([\w.-]+)(?:\[[\w,-]+\])?==([\w.+!-]+)(?: ; (.*?))?\s+--hash", re.MULTILINE)
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def document(lock: str, version: str) -> dict[str, Any]:
    """A CycloneDX 1.6 document of the locked packages. A lock names several files of a release: each has its digest."""
    entries = re.split(r"\n(?=[\w.-]+(?:\[[\w,-]+\])?==)", "\n" + lock)[1:]
    components = [component(entry) for entry in entries]
    main = {"type": "application", "bom-ref": "trial-monitor", "name": "trial-monitor", "version": version}
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps([main, components]))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"component": {**main, "licenses": [{"license": {"id": "MIT"}}]}},
        "components": components,
    }


def component(entry: str) -> dict[str, Any]:
    found = _PIN.search(entry.replace("\\\n", " "))
    if found is None:
        raise ValueError(f"this is no locked package: {entry[:80]}")
    name, version, marker = found.groups()
    purl = f"pkg:pypi/{name.lower().replace('_', '-')}@{version}"
    files = [{"alg": "SHA-256", "content": digest} for digest in _HASH.findall(entry)]
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "scope": "optional" if marker else "required",
        "externalReferences": [{"type": "distribution", "url": purl, "hashes": [file]} for file in files],
    }


def main() -> None:
    lock = (ROOT / "requirements" / "runtime.txt").read_text(encoding="utf-8")
    about = (ROOT / "monitor" / "__init__.py").read_text(encoding="utf-8")
    version = re.search(r'__version__ = "([^"]+)"', about)
    sys.stdout.write(json.dumps(document(lock, version[1] if version else "0"), indent=2) + "\n")


if __name__ == "__main__":
    main()
