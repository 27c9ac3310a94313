"""How a call ends: the sentence on stderr and the exit code for everything that may be raised."""

from __future__ import annotations

import sys
import tempfile
import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import click

from monitor.cli import logs
from monitor.cli.context import Context
from monitor.clocks import wall_clock
from monitor.errors import ConfigFaults, LockHeld, MonitorError, StoreError, UsageError
from monitor.text.clean import harmless

FAILED = 1
WRONG_USAGE = 2
NO_STORE = 3
LOCKED = 75
INTERRUPTED = 130
SILENT = frozenset({WRONG_USAGE, NO_STORE, LOCKED})
"""Exit codes with which standard output stays empty."""


def tell(error: BaseException, context: Context) -> int:
    """Say on stderr what ended the call and return its exit code."""
    match error:
        case click.exceptions.Exit():
            return error.exit_code
        case SystemExit():
            return error.code if isinstance(error.code, int) else FAILED
        case click.Abort() | EOFError():
            complain("Stopped; nothing more was done.")
            return INTERRUPTED if isinstance(error.__cause__, KeyboardInterrupt) else FAILED
        case click.ClickException():
            complain(_usage(error))
            return WRONG_USAGE
        case MonitorError():
            complain(_sentence(error))
            return _code(error)
        case _:
            _tell_unexpected(error, context)
            return FAILED


def complain(text: str) -> None:
    """Print to stderr, without control characters and secrets. A full disk below it changes nothing else."""
    with suppress(OSError):
        print(harmless(logs.redact(text), keep_newlines=True), file=sys.stderr)  # noqa: T201 (the one voice on stderr)


def _code(error: MonitorError) -> int:
    match error:
        case UsageError():
            return WRONG_USAGE
        case StoreError():
            return NO_STORE
        case LockHeld():
            return LOCKED
        case _:
            return FAILED


def _sentence(error: MonitorError) -> str:
    if isinstance(error, ConfigFaults) and len(error.faults) > 1:
        return "\n".join([f"{len(error.faults)} faults in the configuration:", *map(str, error.faults)])
    return str(error) or type(error).__name__


def _usage(error: click.ClickException) -> str:
    if not isinstance(error, click.UsageError) or error.ctx is None:
        return error.format_message()
    return f"{error.format_message()}\n{error.ctx.get_usage()}\nHelp: {error.ctx.command_path} --help"


def _tell_unexpected(error: BaseException, context: Context) -> None:
    details = logs.redact("".join(traceback.format_exception(error)))
    place = _keep(details, context.environ)
    where = f"The details are in {place}." if place else "Run it again with -v to see the details."
    complain(f"This is a fault of the program itself ({type(error).__name__}). What was committed stays. {where}")
    if context.verbose:
        complain(details)


def _keep(details: str, environ: Mapping[str, str]) -> Path | None:
    """Write the details where only this user can read them; None if no place will take them."""
    for folder in _places(environ):
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.NamedTemporaryFile(
                "w",
                dir=folder,
                prefix=f"trial-monitor-fault-{wall_clock():%Y%m%dT%H%M%S}-",
                suffix=".log",
                delete=False,
                encoding="utf-8",
            ) as file:
                file.write(details)
        except OSError:
            continue
        return Path(file.name)
    return None


def _places(environ: Mapping[str, str]) -> list[Path]:
    named = environ.get("STATE_DIRECTORY", "").partition(":")[0]
    home = environ.get("XDG_STATE_HOME") or (f"{environ['HOME']}/.local/state" if environ.get("HOME") else "")
    places = [named, f"{home}/trial-monitor" if home else "", tempfile.gettempdir()]
    return [Path(place) for place in places if place]
