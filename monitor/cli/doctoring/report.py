"""A text to paste into a question: what was found, without secrets, addresses and names of people."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from monitor import __version__
from monitor.cli.doctoring.finding import Finding, verdict
from monitor.cli.logs import redact
from monitor.settings.values import Settings

_MAIL = re.compile(r"[^\s@<>\"'(),;:/]+@(?=[\w.-])")
_CREDENTIALS = re.compile(r"(?<=://)[^/\s@]+@")


def render_report(settings: Settings, findings: Sequence[Finding], home: Path) -> str:
    """Plain lines. Redacted twice: by the secrets that are known, and by what looks like an address."""
    lines = [*_machine(settings), "", *(_line(each) for each in findings), "", verdict(findings)]
    return without_people("\n".join(lines), home)


def without_people(text: str, home: Path) -> str:
    text = _CREDENTIALS.sub("***@", redact(text))
    text = _MAIL.sub("***@", text)
    return text.replace(str(home), "~") if len(home.parts) > 1 else text


def _machine(settings: Settings) -> list[str]:
    destinations = ", ".join(sorted(each.parsed.scheme for each in settings.destinations.values())) or "none"
    sources = [f"  {name}: {_host(each.base_url)}, {each.transport}" for name, each in settings.sources.items()]
    return [
        f"trial-monitor {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}",
        f"encoding {sys.stdout.encoding}, timezone {settings.timezone.key}",
        f"store {settings.store_url.reveal().partition(':')[0]}",
        f"proxy {_yes(settings.network.proxy)}, own certificates {_yes(settings.network.ca_bundle)}",
        f"{len(settings.watches)} watches and {len(settings.rules)} rules in the file, destinations: {destinations}",
        "sources:",
        *sources,
    ]


def _yes(value: str | None) -> str:
    return "yes" if value else "no"


def _host(url: str) -> str:
    return urlsplit(url).hostname or "?"


def _line(finding: Finding) -> str:
    remedy = f" | {finding.remedy}" if finding.remedy else ""
    return f"{finding.level.value:<8}{finding.topic}: {finding.what}{remedy}"
