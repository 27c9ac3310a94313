"""Starting to follow trials: asking first whether they exist, then storing the watches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.egress.fetched import Fetcher
from monitor.errors import BadReference, UsageError
from monitor.model.reading import Absent, Reading, Sound
from monitor.model.watch import RecordKey, Watch, WatchSpec, WatchState
from monitor.pipeline.ways import Ways
from monitor.sources.ctgov.client import exist
from monitor.sources.references import parse_reference
from monitor.store import watches
from monitor.store.transaction import Tx

FEW = 3
"""So many watches may leave the configuration at once without a question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the sources say of references: those that they deny, and those that could not be asked now."""

    absent: Mapping[RecordKey, str]
    unasked: Mapping[RecordKey, str]


async def ask_for(fetcher: Fetcher, ways: Ways, keys: Sequence[RecordKey]) -> Asked:
    """Ask whether each trial exists; nothing is stored. Registry numbers are asked in batches, pages one by one."""
    absent: dict[RecordKey, str] = {}
    unasked: dict[RecordKey, str] = {}
    numbers = [key.source_id for key in keys if key.source == "ctgov"]
    found = await exist(fetcher, ways.sources["ctgov"].base_url, numbers) if numbers else {}
    for number, there in found.items():
        key = RecordKey(source="ctgov", source_id=number)
        if there is None:
            unasked[key] = "ClinicalTrials.gov could not be asked now"
        elif not there:
            absent[key] = "ClinicalTrials.gov has no such trial"
    for key in (key for key in keys if key.source == "ctv"):
        reading = await _read_page(fetcher, ways, key)
        if isinstance(reading, Absent):
            absent[key] = "ClinicalTrials.Veeva has no such page"
        elif not isinstance(reading, Sound):
            unasked[key] = _why(reading)
    return Asked(absent=absent, unasked=unasked)


async def _read_page(fetcher: Fetcher, ways: Ways, key: RecordKey) -> Reading:
    from monitor.sources.ctv.client import read_page

    return await read_page(fetcher, ways.sources["ctv"].base_url, key.source_id, last=None, expected=None)


def _why(reading: Reading) -> str:
    reasons = getattr(reading, "reasons", None)
    return " ".join(reasons) if reasons else str(getattr(reading, "message", "the page leads elsewhere"))


def add_watches(tx: Tx, specs: Sequence[WatchSpec], now: datetime) -> list[tuple[Watch, bool]]:
    """Store watches asked for by command; each with whether it is new."""
    return [watches.add(tx, spec, "command", now) for spec in specs]


def watches_named(
    tx: Tx, names: Sequence[str], states: Sequence[WatchState] = (WatchState.ACTIVE,)
) -> tuple[Watch, ...]:
    """The watches that the names mean: reference, NCT number, label or id. Raises UsageError for a name of none."""
    found: dict[int, Watch] = {}
    for name in names:
        several = _find(tx, name, states)
        if not several and _find(tx, name, (WatchState.PAUSED,)):
            raise UsageError(f"{name} is paused. To check it again: trial-monitor watch resume {name}")
        if not several:
            raise UsageError(f"{name} is not watched. To see what is: trial-monitor watch list")
        found |= {watch.id: watch for watch in several}
    return tuple(found.values())


def _find(tx: Tx, name: str, states: Sequence[WatchState]) -> tuple[Watch, ...]:
    return watches.find(tx, name, tuple(states)) or watches.find(tx, _reference(name), tuple(states))


def _reference(name: str) -> str:
    """The form in which a reference is kept; the name itself if it is none."""
    try:
        return parse_reference(name).text
    except BadReference:
        return name


def sync_file(tx: Tx, specs: Sequence[WatchSpec], now: datetime, *, confirmed: bool = False) -> watches.FileSync:
    """Bring the store in line with the watches of the configuration file.

    Raises UsageError, with nothing done, if that would pause more than half of the active watches and more than
    three, unless it is `confirmed`: an emptied or half-written file is likelier than such a wish.
    """
    sync = watches.update_from_file(tx, specs, now)
    paused = len(sync.paused)
    if paused > FEW and 2 * paused > sync.active_before and not confirmed:
        raise UsageError(
            f"The configuration no longer names {paused} of {sync.active_before} active watches; they would be paused. "
            "If that is meant, run `trial-monitor watch pause --missing` once; else put them back into the file."
        )
    return sync
