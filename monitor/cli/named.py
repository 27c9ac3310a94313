"""Watches as users name them on the command line."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.app import App
from monitor.errors import BadReference, UsageError
from monitor.model.watch import Watch, WatchState
from monitor.sources.references import parse_reference
from monitor.store import watches

STANDING = (WatchState.ACTIVE, WatchState.PAUSED)


def watches_named(
    app: App, names: Sequence[str], states: Sequence[WatchState] = (WatchState.ACTIVE,)
) -> tuple[Watch, ...]:
    """The watches that the names mean: reference, NCT number, label or id. Raises UsageError for a name of none."""
    found: dict[int, Watch] = {}
    with app.store.read() as tx:
        for name in names:
            several = watches.find(tx, name, tuple(states)) or watches.find(tx, _reference(name), tuple(states))
            if not several:
                raise UsageError(f"{name} is not watched. To see what is: trial-monitor watch list")
            found |= {watch.id: watch for watch in several}
    return tuple(found.values())


def _reference(name: str) -> str:
    """The form in which a reference is kept; the name itself if it is none."""
    try:
        return parse_reference(name).text
    except BadReference:
        return name
