"""The log: on stderr, one event a line, control characters escaped, secrets redacted.

Rooms log through structlog or the standard library; what libraries log is held at WARNING. structlog writes the lines.
It is imported when there is a first line to write, unless a room did so before: most calls log nothing.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any, Literal

from monitor.deliver.redact import HIDDEN, SHORTEST, pattern_of

OURS = "monitor"
REDACTED = HIDDEN

_secrets: dict[str, re.Pattern[str]] = {}  # of this process: what must never be printed, and what finds it


def hide(secrets: Iterable[str]) -> None:
    """Redact these values from now on, also URL-encoded, escaped and in base64."""
    for secret in secrets:
        if len(secret) >= SHORTEST and secret not in _secrets:
            _secrets[secret] = pattern_of(secret)


def redact(text: str) -> str:
    """`text` with every hidden value as ***."""
    for secret in sorted(_secrets, key=len, reverse=True):
        text = _secrets[secret].sub(REDACTED, text)
    return text


def set_up(chosen: Literal["plain", "json"] | None, *, verbose: bool) -> None:
    """Send the log of this process to stderr: plain unless JSON is chosen. Calling it again replaces the first."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Late(chosen or "plain"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(logging.DEBUG if verbose else logging.INFO)
    logging.captureWarnings(capture=True)
    if "structlog" in sys.modules:  # a room of this verb logs through it
        _join_structlog()


def _join_structlog() -> None:
    """Events of structlog go the way of all others; by itself it would print them to stdout."""
    import structlog

    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


class _Late(logging.Formatter):
    """Formats through structlog, imported at the first line."""

    def __init__(self, chosen: Literal["plain", "json"]) -> None:
        super().__init__()
        self._chosen = chosen
        self._formatter: logging.Formatter | None = None

    def format(self, record: logging.LogRecord) -> str:
        if self._formatter is None:
            self._formatter = _formatter(self._chosen)
        return redact(_one_line(self._formatter.format(record)))


def _formatter(chosen: Literal["plain", "json"]) -> logging.Formatter:
    from structlog import processors, stdlib

    shared: list[Any] = [
        stdlib.add_log_level,
        stdlib.add_logger_name,
        stdlib.ExtraAdder(),
        processors.TimeStamper(fmt="iso", utc=True),
        processors.format_exc_info,
    ]
    last = processors.JSONRenderer(ensure_ascii=True, default=str) if chosen == "json" else _plain
    return stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[stdlib.ProcessorFormatter.remove_processors_meta, last],
    )


def _plain(_logger: object, _name: str, event: MutableMapping[str, Any]) -> str:
    """2026-11-24T02:10:00Z warning what happened key=value"""
    head = (event.pop("timestamp", ""), event.pop("level", ""), event.pop("event", ""))
    event.pop("logger", None)
    return " ".join([*map(str, head), *(f"{key}={value}" for key, value in event.items())])


def _one_line(text: str) -> str:
    """Control, bidirectional and line-breaking characters escaped, so that nothing logged can forge a line."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
