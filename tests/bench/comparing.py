"""What comparing costs: a typical real pair beside plain DeepDiff, the largest record, and memory over many."""

from __future__ import annotations

import copy
import gc
import random
import time
import tracemalloc
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any, TypeVar

from deepdiff import DeepDiff

from monitor.diff.compare import compare
from monitor.model.change import Change, Kind
from tests.diff.conftest import recorded_pairs, study_record

SITES, EDITS = 1148, 60  # the largest record that the registry had
LEAST_RATIO = 50
MOST_MS = 50.0
MOST_GROWTH = 1.0  # MB
BEST_OF = 5
WARM, COUNTED = 400, 2000  # comparisons before and while memory is watched

Study = dict[str, Any]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Milliseconds of the processor for typical pairs (ours, DeepDiff's, their ratio) and the largest; megabytes."""

    typical: float
    plain: float
    ratio: float
    largest: float
    first: float
    growth: float
    told: int

    def faults(self) -> list[str]:
        wrong = []
        if self.ratio < LEAST_RATIO:
            wrong.append(f"a typical pair is compared {self.ratio:.0f} times as fast as by DeepDiff, not {LEAST_RATIO}")
        if max(self.largest, self.first) > MOST_MS:
            wrong.append(f"the largest record takes {max(self.largest, self.first):.0f} ms, more than {MOST_MS:.0f}")
        if self.growth > MOST_GROWTH:
            wrong.append(f"{COUNTED:,} comparisons leave {self.growth:.1f} MB behind, more than {MOST_GROWTH:.0f}")
        if self.told != EDITS:
            wrong.append(f"{self.told} of {EDITS} edits of the largest record were told")
        return wrong

    def table(self) -> str:
        rows = (
            ("a typical real pair, ms", f"{self.typical:.2f}"),
            ("the same by DeepDiff on the raw studies, ms", f"{self.plain:.1f}"),
            ("ratio (the median of the pairs' own)", f"{self.ratio:.0f}"),
            (f"{SITES:,} sites, {EDITS} edits, shuffled, ms", f"{self.largest:.1f}"),
            ("the same as the first of a process, ms", f"{self.first:.1f}"),
            (f"memory kept by {COUNTED:,} comparisons, MB", f"{max(self.growth, 0):.2f}"),
        )
        lines = [f"| {name} | {value} |" for name, value in rows]
        note = f"Times are of the processor; the verdict asks for a ratio of {LEAST_RATIO} and {MOST_MS:.0f} ms."
        return "\n".join(["| comparing two records | |", "|---|---|", *lines, "", note])


def measure() -> Compared:
    """The largest record goes first, when nothing is remembered yet."""
    before, after = largest_pair()
    first, changes = _compared(before, after)
    largest = min(_compared(before, after)[0] for _ in range(BEST_OF))
    pairs = [(pair["before"], pair["after"]) for pair in recorded_pairs()]
    taken = [_side_by_side(*pair) for pair in pairs]
    return Compared(
        typical=median(ours for ours, _ in taken),
        plain=median(theirs for _, theirs in taken),
        ratio=median(theirs / ours for ours, theirs in taken),
        largest=largest,
        first=first,
        growth=growth([*pairs, (before, after)]),
        told=told_sites(changes),
    )


def _side_by_side(before: Study, after: Study) -> tuple[float, float]:
    """Milliseconds of one pair, ours and DeepDiff's: the best of several each, as others use the machine."""
    ours = min(_compared(before, after)[0] for _ in range(BEST_OF))
    return ours, min(_taken(DeepDiff, before, after)[0] for _ in range(BEST_OF))


def growth(pairs: list[tuple[Study, Study]]) -> float:
    """Megabytes that Python holds more after many comparisons of fresh records than before them."""
    tracemalloc.start()
    marks = []
    for n in range(WARM + COUNTED):
        if n == WARM:
            marks.append(_held())
        compare(*(study_record(study) for study in pairs[n % (len(pairs) - (n % 50 != 0))]))
    marks.append(_held())
    tracemalloc.stop()
    return (marks[1] - marks[0]) / 2**20


def _held() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def _compared(before: Study, after: Study) -> tuple[float, tuple[Change, ...]]:
    """Records are read anew, so that nothing that they might remember of an earlier comparison helps."""
    return _taken(compare, study_record(before), study_record(after))


def _taken(act: Callable[..., Result], *arguments: Any) -> tuple[float, Result]:
    """Milliseconds of the processor, and what came of them."""
    started = time.process_time()
    result = act(*arguments)
    return (time.process_time() - started) * 1000, result


def told_sites(changes: Iterable[Change]) -> int:
    """How many sites the changes tell of; one that closed while another opened in its stead is told as two."""
    listed = (change.detail.get("sites") for change in changes if change.kind is not Kind.ADDED)
    return sum(len(sites) for sites in listed if isinstance(sites, list))


def largest_pair() -> tuple[Study, Study]:
    """A real record with made-up sites, and the same with edits all over them and every list in another order."""
    chance = random.Random(1148)
    before = copy.deepcopy(max((pair["after"] for pair in recorded_pairs()), key=lambda study: len(str(study))))
    before["protocolSection"]["contactsLocationsModule"]["locations"] = [_site(n, chance) for n in range(SITES)]
    after = copy.deepcopy(before)
    sites = after["protocolSection"]["contactsLocationsModule"]["locations"]
    for n, site in enumerate(sites[:EDITS]):
        _EDITS[n % len(_EDITS)](site, n)
    return before, _shuffled(after, chance)


def _site(n: int, chance: random.Random) -> Study:
    """Names and towns of a few words each, so that many are like many others."""
    town, kind = chance.choice(_TOWNS), chance.choice(_KINDS)
    contact = {"name": f"{chance.choice(_NAMES)} {chance.choice(_NAMES)}", "role": "CONTACT", "phone": f"555-01{n:04}"}
    return {
        "facility": f"{kind} {town} {chance.choice(_NAMES)}",
        "city": town,
        "zip": f"{10000 + n * 7}",
        "country": chance.choice(_COUNTRIES),
        "status": chance.choice(("RECRUITING", "RECRUITING", "NOT_YET_RECRUITING", "COMPLETED")),
        "contacts": [contact],
    }


def _moved(site: Study, n: int) -> None:
    """Another hospital in another town: one site closed, another opened."""
    site |= {"facility": f"Klinikum {n}", "city": f"Neustadt {n}", "zip": f"{90000 + n}"}


def _status(site: Study, _: int) -> None:
    site["status"] = "SUSPENDED"


def _phone(site: Study, n: int) -> None:
    site["contacts"][0]["phone"] = f"555-02{n:04}"


def _accent(site: Study, _: int) -> None:
    site["facility"] = site["facility"].replace("i", "ï", 1).replace("a", "à", 1)


def _shuffled(value: Any, chance: random.Random) -> Any:
    if isinstance(value, Mapping):
        keys = list(value)
        chance.shuffle(keys)
        return {key: _shuffled(value[key], chance) for key in keys}
    if isinstance(value, list):
        mixed = [_shuffled(inner, chance) for inner in value]
        chance.shuffle(mixed)
        return mixed
    return value


_EDITS = (_status, _phone, _accent, _moved)
_TOWNS = ("Springfield", "Burgdorf", "Villanova", "Saint-Denis", "Riverside", "Neuville", "Santa Clara", "Greenfield")
_KINDS = ("University Hospital", "Cancer Center", "Clinica", "Hôpital", "Research Site", "Medical Center")
_NAMES = ("Alvarez", "Brandt", "Costa", "Dubois", "Eriksen", "Fischer", "Garcia", "Hansen", "Ito", "Jansen", "Kim")
_COUNTRIES = ("United States", "Germany", "France", "Italy", "Japan")
