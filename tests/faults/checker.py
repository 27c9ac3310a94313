"""Judges a finished run by what the outside saw: the script, the kills, the ledgers and the servers' log.

It knows nothing of the monitor: no module of it is imported here or by what is imported here. Every anomaly has the
name of a rule:

LOST                a true change or turn that a reader was never told
WRONG_VALUES        told with another old or new value than the true one
FALSE_ALERT         told, and nothing had changed
FALSE_REMOVED       the same, and the message says that something is gone
SURPLUS             a true message that tells of more than was true
TOLD_TWICE          one change told by two alerts
OUT_OF_ORDER        changes of one trial told in another order than they came about
UNSEEN              the last version of a trial was never read, so that nothing above could be asked of it
WRONG_RECIPIENT     a notice to a reader, a change to the operator, anything to nobody of the script
REPEAT              one alert delivered more often than something died in its window
UNLABELLED_REPEAT   a repeat that does not say that it may be one
OTHER_ID            a repeat under another Message-ID, or one alert's name on two messages
NO_ALERT_ID         a message that does not name its alert, or a digest that does not name all of its alerts
PENDING             something still waits when all is over
DEAD                something was given up
NOTICE_MISSING      the operator did not hear of what the script says he must
UNTOLD_FAULT        a trial that could not be read, and no report of the pass says so
PACE, CONNECTIONS, RETRY_AFTER, HARDER_AFTER_REFUSAL, NO_AGENT, AGENT_CHANGED   how the sources were asked
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from tests.faults.digests import apart, number_in
from tests.faults.evidence import Anomaly, Entry, Evidence, Run, gather
from tests.faults.politeness import judge_politeness
from tests.faults.reading import Told, flat, holds
from tests.faults.telling import judge_telling

Key: TypeAlias = tuple[str, str]
"""An alert and its recipient."""

_GRACE = 2.0  # seconds within which a sink may still read what a killed run had sent


def judge(evidence: Evidence) -> list[Anomaly]:
    """All anomalies of a run; none is the answer one hopes for."""
    return [
        *judge_telling(evidence),
        *_repeats(evidence),
        *_pending(evidence),
        *_notices(evidence),
        *_untold(evidence),
        *judge_politeness(evidence),
    ]


def _repeats(evidence: Evidence) -> Iterator[Anomaly]:
    by_key: dict[Key, list[Entry]] = {}
    for message in evidence.delivered:
        inside = apart(message)
        if not message["alert"] or len(inside) != number_in(message):
            yield Anomaly(rule="NO_ALERT_ID", evidence=f"to {message['recipient']}: {message['title']}")
        for each in (message, *inside):
            if each["alert"]:
                by_key.setdefault(_key(each), []).append(each)
    windows = window_events(evidence)
    for key, delivered in by_key.items():
        about = f"alert {key[0]} to {key[1]}"
        if len(delivered) - 1 > windows[key]:
            told = f"{about}: {len(delivered)} deliveries, {windows[key]} deaths in its window"
            yield Anomaly(rule="REPEAT", evidence=told)
        yield from _labels(about, delivered)
    yield from _shared_names(evidence)


def window_events(evidence: Evidence) -> Counter[Key]:
    """How often, for each alert, the sender died or lost the line between handing it over and knowing that it had.

    A kill counts for the last message to each destination that its run had begun to hand over, and for the first one
    that was met between the kill and the end of the run: a kill takes a moment, and so does the sink. What happens to a
    digest happens to all that it tells.
    """
    unknown = (message for message in evidence.messages if message["outcome"] == "unknown")
    found = Counter(key for message in unknown for key in _keys(message))
    homes = {recipient: each.name for each in evidence.script.destinations for recipient in each.recipients}
    killed = [run for run in evidence.runs if run.killed is not None]
    met: dict[int, Entry] = {}
    for run in killed:
        met |= {id(message): message for message in _in_hand(evidence.messages, run, homes) if _soon(message, run)}
    met |= {id(message): message for message in _left_behind(evidence, killed)}
    for message in met.values():
        found.update(_keys(message))
    return found


def _in_hand(messages: Sequence[Entry], run: Run, homes: Mapping[str, str]) -> Iterator[Entry]:
    """What a killed run may have been handing over, by `homes`, the destination of each recipient."""
    last: dict[str, Entry] = {}
    dying: dict[str, Entry] = {}
    for message in sorted(messages, key=lambda each: float(each["began"])):
        home = homes.get(str(message["recipient"]), "")
        if run.began <= message["began"] <= (run.killed or 0.0):
            last[home] = message
        elif run.began <= message["began"] <= run.ended:
            dying.setdefault(home, message)
    yield from (*last.values(), *dying.values())


def _soon(message: Entry, run: Run) -> bool:
    return message["outcome"] == "taken" and run.killed is not None and message["at"] <= run.killed + _GRACE


def _left_behind(evidence: Evidence, killed: Sequence[Run]) -> Iterator[Entry]:
    """What a sink met only when the run that had sent it was dead already: nobody was there to be answered."""
    for message in evidence.messages:
        if message.get("gone") and any(run.ended < message["began"] and _soon(message, run) for run in killed):
            yield message


def _keys(message: Entry) -> Iterator[Key]:
    return (_key(each) for each in (message, *apart(message)))


def _key(message: Entry) -> Key:
    return str(message["alert"]), str(message["recipient"])


def _labels(about: str, delivered: Sequence[Entry]) -> Iterator[Anomaly]:
    ids: dict[str, str] = {}  # of the alert by itself, and of each digest that it was told in
    for n, message in enumerate(delivered):
        if n and not Told(message).repeats:
            yield Anomaly(rule="UNLABELLED_REPEAT", evidence=f"{about}: {flat(message['text'])[-200:]}")
        known = ids.setdefault(message.get("within", ""), message["message_id"])
        if message["message_id"] != known:
            yield Anomaly(rule="OTHER_ID", evidence=f"{about}: {known} and {message['message_id']}")


def _shared_names(evidence: Evidence) -> Iterator[Anomaly]:
    """A name stands for one message to one recipient."""
    owners: dict[str, str] = {}
    for message in (*evidence.delivered, *evidence.told):
        if message["alert"] and owners.setdefault(message["alert"], message["recipient"]) != message["recipient"]:
            yield Anomaly(rule="OTHER_ID", evidence=f"alert {message['alert']} went to two recipients")


def _pending(evidence: Evidence) -> Iterator[Anomaly]:
    for state, number in evidence.pending.items():
        yield Anomaly(rule="DEAD" if state == "dead" else "PENDING", evidence=f"{number} alerts are {state}")


def _notices(evidence: Evidence) -> Iterator[Anomaly]:
    operators = [recipient for _, recipient in evidence.script.recipients(operator=True)]
    heard = [Told(entry) for entry in evidence.told if entry["recipient"] in operators]
    for notice in evidence.script.notices:
        within = [each for each in heard if notice.since <= each.entry["day"] <= notice.by]
        if not any(all(word in flat(each.text) for word in notice.words) for each in within):
            told = f"days {notice.since} to {notice.by}: {' / '.join(notice.words)}"
            yield Anomaly(rule="NOTICE_MISSING", evidence=told)


def _untold(evidence: Evidence) -> Iterator[Anomaly]:
    """What was last read of a trial in a whole pass was no true answer: the pass must name it among its problems."""
    names = {trial.number: trial.name for trial in evidence.script.trials}
    for run in evidence.runs:
        if run.report is None or run.killed is not None:
            continue
        last: dict[str, int | None] = {}
        for entry in evidence.log:
            if entry["event"] == "answered" and run.began <= float(entry["at"]) <= run.ended:
                last.update(entry["seen"])
        named = " ".join(str(problem.get("watch")) for problem in run.report["problems"])
        for number, version in last.items():
            if version is None and number in names and not holds(named, names[number]):
                yield Anomaly(rule="UNTOLD_FAULT", evidence=f"day {run.day}, {run.verb}: {number}")


def main(arguments: list[str]) -> int:
    """Judge the run in a folder, as `evidence.gather` finds it."""
    found = judge(gather(Path(arguments[0])))
    sys.stdout.writelines(f"{anomaly}\n" for anomaly in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
