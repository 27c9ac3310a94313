"""The sweeps by name, and where each is."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from tests.sweep.sweep import Sweep

SWEEPS: Final[dict[str, str]] = {
    "sensitivity": "tests.sensitivity.seeding:SWEEP",
    "kills": "tests.crash.kills:SWEEP",
    "syscalls": "tests.crash.syscalls:SWEEP",
    "migrations": "tests.crash.migrations:SWEEP",
    "power-loss": "tests.storage.powerloss:SWEEP",
    "storage": "tests.storage.refusing:SWEEP",
    "damage": "tests.storage.damage:SWEEP",
    "broken-disk": "tests.storage.breaking:SWEEP",
    "ssrf": "tests.ssrf.sweep:SWEEP",
    "fuzz": "tests.fuzz.pages:SWEEP",
    "patterns": "tests.fuzz.heavy:SWEEP",
    "hostile": "tests.hostile.strings:SWEEP",
    "prune-kills": "tests.privacy.kills:SWEEP",
    "clocks": "tests.clocks.jumps:SWEEP",
    "histories": "tests.histories.played:SWEEP",
    "concurrency": "tests.concurrency.crowds:SWEEP",
    "reconfigured": "tests.reconfigured.edits:SWEEP",
    "zones": "tests.clocks.zones:SWEEP",
    "hours": "tests.pipeline.hours_histories:SWEEP",
    "digest-times": "tests.clocks.digests:SWEEP",
}
"""Name -> "module:attribute"; a module is loaded when its sweep is asked for."""


def sweep_of(name: str) -> Sweep:
    """The sweep of that name; KeyError if there is none."""
    module, _, attribute = SWEEPS[name].partition(":")
    sweep: Sweep = getattr(import_module(module), attribute)
    return sweep
