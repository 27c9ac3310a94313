"""What the sources would say if nothing went wrong: records and pages of the script's versions, day by day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from monitor.demo.mirror import text_of_study
from monitor.demo.pages import page_of_text
from monitor.demo.studies import Registry
from tests.faults.script import Script, Trial

PAYLOADS = Path(__file__).parents[1] / "payloads"
FIRST_DAY = date(2026, 11, 20)


@cache
def _base(name: str) -> bytes:
    """A small recorded document: its path below tests/payloads without ".json"."""
    return (PAYLOADS / f"{name}.json").read_bytes()


def stamp(day: int) -> str:
    """The date that the registry's daily build bears."""
    return str(FIRST_DAY + timedelta(days=day))


class Truth:
    """Documents are made anew each time: ten thousand of them at hand would be half a gigabyte."""

    def __init__(self, script: Script) -> None:
        self._trials = {trial.number: trial for trial in script.trials}
        self._slugs = {trial.slug: trial for trial in script.trials if trial.slug}

    @property
    def numbers(self) -> Collection[str]:
        return self._trials.keys()

    def by_slug(self, slug: str) -> Trial | None:
        return self._slugs.get(slug)

    def trial(self, number: str) -> Trial:
        return self._trials[number]

    def document(self, number: str, day: int, *, version: int | None = None) -> Any:
        """The study document of API v2, of the version that holds on `day` or another one."""
        trial = self._trials[number]
        study = orjson.loads(_base(trial.base))
        protocol = study["protocolSection"]
        protocol["identificationModule"]["nctId"] = number
        for path, value in trial.versions[trial.at(day) if version is None else version].edits.items():
            _set(protocol, path, value)
        study.setdefault("derivedSection", {}).setdefault("miscInfoModule", {})["versionHolder"] = stamp(day)
        return study

    def page(self, trial: Trial, day: int, *, version: int | None = None) -> str:
        """The study page on ClinicalTrials.Veeva."""
        shown = trial.on_page(day) if version is None else version
        return page_of_text(text_of_study(self.document(trial.number, day, version=shown)))

    def registry(self, day: int, numbers: Collection[str]) -> Registry:
        """What the registry holds of these trials on `day`; an unknown number is left out."""
        known = [self._trials[number] for number in sorted(numbers) if number in self._trials]
        now = {trial.number: trial.versions[trial.at(day)] for trial in known}
        return Registry(
            data_timestamp=f"{stamp(day)}T09:00:05",
            studies={n: self.document(n, day) for n, version in now.items() if version.state == "present"},
            aliases={n: version.into for n, version in now.items() if version.state == "merged" and version.into},
        )


def _set(protocol: Any, path: str, value: Any) -> None:
    """Set, or with None take away, what stands at "module.list.0.name"; what is missing on the way is made."""
    *parents, last = path.split(".")
    at = protocol
    for step in parents:
        at = at[int(step)] if isinstance(at, list) else at.setdefault(step, {})
    if isinstance(at, list):
        at[int(last)] = value
    elif value is None:
        at.pop(last, None)
    else:
        at[last] = value
