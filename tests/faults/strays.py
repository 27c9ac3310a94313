"""The rules about who is told: messages about no trial of the script, to nobody of it, or to the wrong one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from tests.faults.evidence import Anomaly, Evidence
from tests.faults.reading import Told


def judge_strays(evidence: Evidence, told: Sequence[Told], readers: Sequence[str]) -> Iterator[Anomaly]:
    """Messages about no trial of the script, to nobody of it, or of the operator's business to a reader."""
    known = {trial.number for trial in evidence.script.trials}
    everybody = {
        recipient for operator in (True, False) for _, recipient in evidence.script.recipients(operator=operator)
    }
    out = list(_outages(evidence, told))
    for each in told:
        about = f"{each.recipient}, alert {each.alert}: {each.entry['title']}"
        reader = each.recipient in readers
        meant_for = "reader" if each.kind not in ("notice", "test") else "operator"
        wrong = (
            meant_for == ("operator" if reader else "reader")
            and each.kind != "test"
            and not (each.kind == "notice" and _stands_in(each, out))
        )
        if each.recipient not in everybody or wrong:
            yield Anomaly(rule="WRONG_RECIPIENT", evidence=about)
        elif each.kind not in ("notice", "test", "welcome") and each.trial not in known:
            yield Anomaly(rule="FALSE_ALERT", evidence=about)


def _outages(evidence: Evidence, told: Sequence[Told]) -> Iterator[tuple[datetime, datetime]]:
    """From when to when an operator's destination was said to take nothing."""
    for destination in {each.name for each, _ in evidence.script.recipients(operator=True)}:
        since = sorted(_planned(each) for each in told if each.says_out(destination))
        until = sorted(_planned(each) for each in told if each.says_back(destination))
        for start in since:
            yield start, next((end for end in until if end > start), datetime.max.replace(tzinfo=UTC))


def _stands_in(told: Told, outages: Iterable[tuple[datetime, datetime]]) -> bool:
    """True for a notice that was planned while the operator's own destination took nothing."""
    return any(start <= _planned(told) <= end for start, end in outages)


def _planned(told: Told) -> datetime:
    """The minute in which it was planned; of what was told in a digest at last the moment of its delivery."""
    return told.written or datetime.fromtimestamp(float(told.entry["now"]), UTC)
