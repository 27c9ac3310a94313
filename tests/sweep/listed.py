"""The sweeps by name, and where each is."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from tests.sweep.sweep import Sweep

SWEEPS: Final[dict[str, str]] = {
    "clocks": "tests.clocks.jumps:SWEEP",
    "concurrency": "tests.concurrency.crowds:SWEEP",
    "reconfigured": "tests.reconfigured.edits:SWEEP",
    "zones": "tests.clocks.zones:SWEEP",
}
"""Name -> "module:attribute"; a module is loaded when its sweep is asked for."""


def sweep_of(name: str) -> Sweep:
    """The sweep of that name; KeyError if there is none."""
    module, _, attribute = SWEEPS[name].partition(":")
    sweep: Sweep = getattr(import_module(module), attribute)
    return sweep
