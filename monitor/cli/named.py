"""Watches as users name them on the command line."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.app import App
from monitor.model.watch import Watch, WatchState
from monitor.pipeline import watching

STANDING = (WatchState.ACTIVE, WatchState.PAUSED)


def watches_named(app: App, names: Sequence[str], states: Sequence[WatchState]) -> tuple[Watch, ...]:
    """The watches that the names mean: reference, NCT number, label or id. Raises UsageError for a name of none."""
    with app.store.read() as tx:
        return watching.watches_named(tx, names, states)
