"""The configuration that `init` writes: commented, and never over an existing file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from monitor.errors import UsageError
from monitor.model.watch import WatchSpec

_PRIVATE: Final = 0o600
_TEXT: Final = """\
# Configuration of trial-monitor. Every key is optional but the address of a destination.
# `trial-monitor doctor` checks it and tries everything in it.

timezone = {timezone}   # of displayed times; a destination may have its own

[store]
url = {store}   # everything that was ever seen and said; a path starts at this file's folder

[checks]
every = "6h"   # study pages of ClinicalTrials.Veeva are asked daily

# Behind a proxy:
# [network]
# proxy = "http://proxy.example.org:3128"
# ca_bundle = "/etc/ssl/certs/ca-certificates.crt"

{destination}
# A second destination. Its address is a secret: keep it in a file closed to others (chmod 600), or in the
# environment (url_env = "SLACK_URL"). Slack's webhook https://hooks.slack.com/services/T/B/X is slack://T/B/X here.
# [destinations.team-slack]
# url_file = "slack.url"

# Without a rule every destination hears of everything but bookkeeping. A rule narrows that down:
# [[rules]]
# tags = ["car-t"]                     # none named = all watches
# categories = ["status", "criteria"]  # none named = all
# min_severity = "major"               # "minor" if left out
# only = ["enrollment changes by at least 10 %"]   # narrows that kind of change; more sentences in the README
# to = ["mail"]

# Who hears of faults; the first destination if left out.
# [operator]
# to = ["mail"]

# Trials can stand here, or be added with `trial-monitor watch add NCT04762485 --tag car-t`.
{watches}"""
_DESTINATION: Final = """\
[destinations.mail]
url_file = {file}   # mailtos://..., written by `trial-monitor init`; closed to others
"""
_NO_DESTINATION: Final = """\
# Nobody is told yet. Where messages go, for instance:
# [destinations.mail]
# url_file = "mail.url"   # a file, closed to others, that holds mailtos://USER:PASSWORD@HOST?from=A&to=B
"""
_EXAMPLE_WATCH: Final = """\
# [[watches]]
# ref = "NCT04762485"
# tags = ["car-t"]
# label = "CD7 CAR-T"
"""


def render(
    *,
    mail_url_file: str | None,
    timezone: str = "UTC",
    store_url: str = "sqlite:///monitor.db",
    watches: Sequence[WatchSpec] = (),
) -> str:
    """The text of a new configuration; `mail_url_file` None if no destination is known yet."""
    return _TEXT.format(
        timezone=quoted(timezone),
        store=quoted(store_url),
        destination=_NO_DESTINATION if mail_url_file is None else _DESTINATION.format(file=quoted(mail_url_file)),
        watches="\n".join(map(_watch, watches)) or _EXAMPLE_WATCH,
    )


def write_new(path: Path, text: str, *, private: bool = False) -> None:
    """Write a file that is not there yet, durably; `private` closes it to group and others from the start.

    Raises UsageError if something stands there already, or if it cannot be written.
    """
    mode = _PRIVATE if private else 0o644
    try:
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
    except FileExistsError as exc:
        if not path.parent.is_dir():
            raise UsageError(f"{path.parent} is no folder. Choose another place with --config.") from exc
        raise UsageError(f"{path} is there already; it was left as it is. Move it away, or change it by hand.") from exc
    except OSError as exc:
        raise UsageError(f"{path} cannot be written ({exc.strerror}). Choose another place with --config.") from exc


def quoted(text: str) -> str:
    """The text as a TOML string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08X}" for c in escaped) + '"'


def _watch(spec: WatchSpec) -> str:
    lines = ["[[watches]]", f"ref = {quoted(spec.reference.text)}"]
    if spec.tags:
        lines.append(f"tags = [{', '.join(quoted(tag) for tag in sorted(spec.tags))}]")
    if spec.label:
        lines.append(f"label = {quoted(spec.label)}")
    if spec.source != "both":
        lines.append(f"source = {quoted(spec.source)}")
    return "\n".join(lines) + "\n"
