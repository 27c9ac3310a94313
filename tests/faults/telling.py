"""The rules about what readers are told: every true change, each once, in order, with its values, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from tests.faults.evidence import Anomaly, Evidence
from tests.faults.mirrors import apart, judge_page
from tests.faults.reading import EVENTS, Told, holds, united
from tests.faults.script import Trial
from tests.faults.strays import judge_strays

GONE_SIGHTS, GONE_OVER = 3, 24 * 3600.0
DENYING = ("study", "page")
"""What is asked about one trial: only there it can be denied. That a list leaves it out says nothing by itself."""

STOPPED = "Suspended"


@dataclass(frozen=True, slots=True)
class Sight:
    """A version that was served whole and true. `sure`: by a run that came to its end, so that it must be known."""

    version: int
    sure: bool
    at: float


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two versions: for each planted field the words of the old and the new value."""

    fields: Mapping[str, tuple[str, str]]

    def told_by(self, told: Told) -> bool:
        """True if the message shows each old value as old and each new one as new."""
        return all(told.shows(before, after) for before, after in self.fields.values())

    def half_told_by(self, told: Told) -> bool:
        """True if it shows the old or the new value of a field beside another one."""
        pairs = [pair for pair in self.fields.values() if all(pair)]
        values = list(told.values())
        return any(holds(old, a) is not holds(new, b) for a, b in pairs for old, new in values)

    def __str__(self) -> str:
        return ", ".join(f"{name} {before or '-'} -> {after or '-'}" for name, (before, after) in self.fields.items())


def difference(trial: Trial, old: int, new: int) -> Difference:
    before, after = trial.versions[old].shows, trial.versions[new].shows
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    fields = {name: (before.get(name, ""), after.get(name, "")) for name in names}
    if "status" in fields and "reason" in fields:
        # A new status is told with its reason, if it is one that has reasons; the old one's is not repeated.
        fields["reason"] = ("", after["reason"] if after["status"] == STOPPED else "")
    return Difference(fields)


def sights(evidence: Evidence) -> Mapping[str, list[Sight]]:
    """For each trial what was served, in order; a run of the same version is one sight, sure if any was."""
    found: dict[str, list[Sight]] = {}
    spans = [(run.began, run.ended, run.killed is None) for run in evidence.runs]
    for entry in evidence.log:
        if entry["event"] != "answered":
            continue
        at = float(entry["at"])
        sure = any(began <= at <= ended and to_its_end for began, ended, to_its_end in spans)
        for number, version in entry["seen"].items():
            if version is not None:
                _add(found.setdefault(number, []), Sight(version, sure, at))
    return found


def _add(seen: list[Sight], sight: Sight) -> None:
    last = seen[-1] if seen else None
    if last is not None and last.version == sight.version:
        seen[-1] = Sight(last.version, last.sure or sight.sure, last.at)
    else:
        seen.append(sight)


def judge_telling(evidence: Evidence) -> Iterator[Anomaly]:
    """What the names mean is said in `checker`."""
    served = sights(evidence)
    told = [Told(entry) for entry in evidence.told]
    by_reader: dict[tuple[str, str], list[Told]] = {}
    for each in told:
        by_reader.setdefault((each.recipient, each.trial), []).append(each)
    readers = [recipient for _, recipient in evidence.script.recipients(operator=False)]
    for trial in evidence.script.trials:
        seen = served.get(trial.number, [])
        yield from _unseen(trial, seen)
        for recipient in readers:
            mine = by_reader.get((recipient, trial.number), [])
            changes, of_page = apart(trial, _firsts(mine, "change"))
            yield from _judge_changes(trial, recipient, seen, changes)
            yield from judge_page(trial, recipient, of_page, evidence)
            yield from _judge_events(trial, recipient, seen, evidence, mine)
    yield from judge_strays(evidence, told, readers)


def _firsts(told: Sequence[Told], kind: str) -> list[Told]:
    """The first delivery of each alert of this kind."""
    firsts: dict[str, Told] = {}
    for each in told:
        if each.kind == kind:
            firsts.setdefault(each.alert, each)
    return list(firsts.values())


def _unseen(trial: Trial, seen: Sequence[Sight]) -> Iterator[Anomaly]:
    """A run that stopped asking would otherwise have nothing to answer for."""
    last = len(trial.versions) - 1
    if not seen or seen[-1].version != last:
        yield Anomaly(rule="UNSEEN", evidence=f"{trial.number}: its version {last + 1} was never served whole")


def _judge_changes(trial: Trial, recipient: str, seen: Sequence[Sight], told: Sequence[Told]) -> Iterator[Anomaly]:
    present = [sight for sight in seen if trial.versions[sight.version].state == "present"]
    yield from _takes_nothing_back(trial, recipient, present, told)
    told = united(told)
    if _explains(trial, present, told):
        yield from _surplus(trial, present, told)
        return
    where = f"{trial.number} to {recipient}"
    found = list(_lost(trial, where, present, told))
    found += _unexplained(trial, where, present, told, wrong=any(each.rule == "WRONG_VALUES" for each in found))
    yield from found or _repeated(trial, where, present, told)


def _takes_nothing_back(trial: Trial, recipient: str, seen: Sequence[Sight], told: Sequence[Told]) -> Iterator[Anomaly]:
    """A message that says so must lead back to a value that was seen before another one."""
    shown = [trial.versions[sight.version].shows for sight in seen]
    returns = [
        (later[name], again[name])
        for n, later in enumerate(shown)
        for again in shown[n + 1 :]
        for name in later.keys() & again.keys()
        if again[name] != later[name] and any(first.get(name) == again[name] for first in shown[:n])
    ]
    for each in told:
        if each.takes_back and not any(each.shows(old, new) for old, new in returns):
            yield Anomaly(rule="FALSE_ALERT", evidence=f"{trial.number} to {recipient}, taken back: {each.story}")


def _explains(trial: Trial, seen: Sequence[Sight], told: Sequence[Told]) -> bool:
    """True if the messages, in their order, are what a reader of all sure sights (and some of the others) must get."""

    @cache
    def fits(at: int, n: int) -> bool:
        if at + 1 >= len(seen):
            return n == len(told)
        for then in _next(seen, at):
            change = difference(trial, seen[at].version, seen[then].version)
            if not change.fields and fits(then, n):
                return True
            if change.fields and n < len(told) and change.told_by(told[n]) and fits(then, n + 1):
                return True
        return all(not sight.sure for sight in seen[at + 1 :]) and n == len(told)

    return fits(0, 0) if seen else not told


def _next(seen: Sequence[Sight], at: int) -> Iterator[int]:
    """The sights that may have been the next one: up to the first sure one."""
    for then in range(at + 1, len(seen)):
        yield then
        if seen[then].sure:
            return


def _transitions_of(trial: Trial, seen: Sequence[Sight], told: Told) -> list[tuple[int, int]]:
    """The transitions between any two sights that the message tells."""
    found = []
    for old in range(len(seen)):
        for new in range(old + 1, len(seen)):
            change = difference(trial, seen[old].version, seen[new].version)
            if change.fields and change.told_by(told) and told.statements <= len(change.fields):
                found.append((old, new))
    return found


def _required(trial: Trial, seen: Sequence[Sight]) -> Iterator[Difference]:
    """What must be told whatever an unsure sight came to: changes between neighbours that are both sure."""
    for old, new in pairwise(seen):
        change = difference(trial, old.version, new.version)
        if old.sure and new.sure and change.fields:
            yield change


def _lost(trial: Trial, where: str, seen: Sequence[Sight], told: Sequence[Told]) -> Iterator[Anomaly]:
    for change in _required(trial, seen):
        if not any(change.told_by(each) for each in told):
            strange = (each for each in told if not _transitions_of(trial, seen, each))
            half = next((each for each in strange if change.half_told_by(each)), None)
            rule = "WRONG_VALUES" if half else "LOST"
            yield Anomaly(rule=rule, evidence=f"{where}: {change}" + (f"; told: {half.story}" if half else ""))
            continue
        times = sum(1 for other in _required(trial, seen) if other == change)
        tellings = sum(1 for each in told if change.told_by(each))
        if tellings < times:
            yield Anomaly(
                rule="LOST", evidence=f"{where}: {change} came about {times} times, was told {tellings} times"
            )


def _unexplained(
    trial: Trial, where: str, seen: Sequence[Sight], told: Sequence[Told], *, wrong: bool
) -> Iterator[Anomaly]:
    """Messages that tell of no true change; with `wrong`, those that WRONG_VALUES has named already are left out."""
    changes = [difference(trial, a.version, b.version) for n, a in enumerate(seen) for b in seen[n + 1 :]]
    for each in told:
        if _transitions_of(trial, seen, each):
            continue
        true = any(change.fields and change.told_by(each) for change in changes)
        if wrong and not true and any(change.half_told_by(each) for change in changes):
            continue
        rule = "FALSE_REMOVED" if each.says_removed else "SURPLUS" if true else "FALSE_ALERT"
        yield Anomaly(rule=rule, evidence=f"{where}, alert {each.alert}: {each.story}")


def _repeated(trial: Trial, where: str, seen: Sequence[Sight], told: Sequence[Told]) -> Iterator[Anomaly]:
    """Every message tells something true, and nothing is lost: then one is told twice, or the order is wrong."""
    changes: list[Difference] = []
    for a, b in pairwise(seen):
        change = difference(trial, a.version, b.version)
        if change.fields:
            changes.append(change)
    for change in {str(change): change for change in changes}.values():
        times = sum(1 for other in changes if other == change)
        tellings = [each.alert for each in told if change.told_by(each)]
        if len(tellings) > times:
            yield Anomaly(rule="TOLD_TWICE", evidence=f"{where}: {change} by the alerts {', '.join(tellings)}")
            return
    yield Anomaly(rule="OUT_OF_ORDER", evidence=f"{where}: {[each.entry['title'] for each in told]}")


def _surplus(trial: Trial, seen: Sequence[Sight], told: Sequence[Told]) -> Iterator[Anomaly]:
    """A true message must not carry a statement more than there are true changes."""
    for each in told:
        if not _transitions_of(trial, seen, each):
            rule = "FALSE_REMOVED" if each.says_removed else "SURPLUS"
            yield Anomaly(rule=rule, evidence=f"{trial.number}, alert {each.alert}: {each.story}")


def _judge_events(
    trial: Trial, recipient: str, seen: Sequence[Sight], evidence: Evidence, mine: Sequence[Told]
) -> Iterator[Anomaly]:
    """Turns in a record's life: each told once for each time it came about, and never without."""
    where = f"{trial.number} to {recipient}"
    for kind in EVENTS:
        told = _firsts(mine, kind)
        possible, certain = _turns(trial, seen, evidence, kind)
        if len(told) > possible:
            rule = "FALSE_REMOVED" if kind == "gone" else "FALSE_ALERT"
            yield Anomaly(rule=rule, evidence=f"{where}: {kind} told {len(told)} times, true {possible} times")
        if len(told) < certain:
            yield Anomaly(rule="LOST", evidence=f"{where}: {kind} told {len(told)} times, true {certain} times")


def _turns(trial: Trial, seen: Sequence[Sight], evidence: Evidence, kind: str) -> tuple[int, int]:
    """How often a trial may have been told to have turned so, and how often it must have been."""
    states = [trial.versions[sight.version].state for sight in seen]
    if kind == "merged":
        times = sum(1 for a, b in pairwise(states) if b == "merged" != a)
        return times, times
    if kind == "again":
        pairs = ((a.version, b.version) for n, a in enumerate(seen) for b in seen[n + 1 :])
        return sum(1 for a, b in pairs if a != b and not difference(trial, a, b).fields), 0
    if kind == "back":
        return sum(1 for a, b in pairwise(states) if a == "gone" and b == "present"), 0
    possible = sum(1 for a, b in pairwise(states) if b == "gone" != a)
    confirmed = [
        _is_confirmed(trial.number, seen[n].version, evidence) for n in range(len(seen)) if states[n] == "gone"
    ]
    return possible, sum(confirmed)


def _is_confirmed(number: str, version: int, evidence: Evidence) -> bool:
    """True if it was denied in so many runs that came to their end, and over so long, that it is to be believed."""
    denied = [
        (float(entry["at"]), float(entry["now"]))
        for entry in evidence.log
        if entry["event"] == "answered" and entry["ask"] in DENYING and entry["seen"].get(number) == version
    ]
    whole = [run for run in evidence.runs if run.killed is None]
    looks = [[now for at, now in denied if run.began <= at <= run.ended] for run in whole]
    moments = [each[-1] for each in looks if each]
    return len(moments) >= GONE_SIGHTS and moments[-1] - moments[0] > GONE_OVER
