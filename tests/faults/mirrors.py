"""The rule about trials that are followed at the registry and by a page: what the page alone may be told for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.faults.evidence import Anomaly, Evidence
from tests.faults.reading import Told, flat
from tests.faults.script import Trial

ON_PAGE = "(on the study page)"
OTHERWISE_FOR = 3 * 86_400.0
"""Seconds for which the registry must have said otherwise before a change of the page is told."""


def apart(trial: Trial, told: Sequence[Told]) -> tuple[list[Told], list[Told]]:
    """What is told by the record that readers are told from, and what by the page alone."""
    of_page = [each for each in told if trial.lag is not None and ON_PAGE in flat(each.story)]
    return [each for each in told if each not in of_page], of_page


def judge_page(trial: Trial, recipient: str, told: Sequence[Told], evidence: Evidence) -> Iterator[Anomaly]:
    """It must be true of the page, and have been so for long enough."""
    shown = list(_shown(trial, evidence)) if told else []
    for each in told:
        since = [at for at, before, after in shown if _tells(each, trial, before, after)]
        if not since or float(each.entry["now"]) - min(since) < OTHERWISE_FOR:
            yield Anomaly(rule="FALSE_ALERT", evidence=f"{trial.number} to {recipient}, by its page: {each.story}")


def _shown(trial: Trial, evidence: Evidence) -> Iterator[tuple[float, int, int]]:
    """When the page went from one version to another, as it was served."""
    last = None
    for entry in evidence.log:
        if entry["event"] == "asked" and entry["ask"] == "page" and trial.number in entry["numbers"]:
            version = trial.on_page(int(entry["day"]))
            if last is not None and last != version and not entry["faults"]:
                yield float(entry["now"]), last, version
            last = last if entry["faults"] else version


def _tells(told: Told, trial: Trial, before: int, after: int) -> bool:
    old, new = trial.versions[before].shows, trial.versions[after].shows
    return any(told.shows(old[name], new[name]) for name in old.keys() & new.keys() if old[name] != new[name])
