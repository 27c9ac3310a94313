"""What the operator reads about the monitor's own troubles. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from monitor.model.condition import Condition
from monitor.model.message import NoticeItem

MOST_NAMED = 5
_WAITS = (
    "Trials are checked as usual. Nothing is lost: all of it goes out when it is taken again. Until then its readers "
    "hear nothing."
)
_LOOK = "Look at trial-monitor alerts, then try trial-monitor destination test."
_LATE = "Messages to {names} have waited for more than a day. {message}"
_WORDS: Mapping[str, tuple[str, str, str]] = {
    "refused": (
        "{names} takes no messages. {message}",
        _WAITS,
        "Mend what is said above; it is tried again by itself, or at once by trial-monitor deliver.",
    ),
    "down": (_LATE, _WAITS, _LOOK),
    "destination": (_LATE, _WAITS, _LOOK),
    "orphan": (
        "Messages wait for {names}. {message}",
        "They stay until somebody decides. Everybody else is told as usual.",
        "Put it back into the configuration, or drop what waits: trial-monitor alerts.",
    ),
    "dead": (
        "Given up: {names}. {message}",
        "Their reader was not told. All other messages go on.",
        "Look at it: trial-monitor alerts show ID; then alerts retry ID, or alerts drop ID.",
    ),
    "configuration": (
        "The configuration was changed and cannot be used. {message}",
        "The one that was read before stays in force.",
        "Mend the file; it is read again by itself.",
    ),
    "late": (
        "{names} should have been looked at. {message}",
        "Silence about these trials does not mean that nothing changed. All others are checked as usual.",
        "See that every trial is checked: run trial-monitor check without names, or trial-monitor run.",
    ),
    "clock": (
        "{message}",
        "What was due at a time of the wrong clock is due now; nothing is told twice for it.",
        "See that the machine's clock is kept right (chrony, systemd-timesyncd).",
    ),
    "store": (
        "{message}",
        "Nothing was lost: what was due meanwhile is done now. What was just being sent may come twice, and says so.",
        "See that the disk of the store has room and can be written.",
    ),
}
"""What happened, whether quiet can be trusted, what to do."""


def trouble_items(ripe: Sequence[Condition]) -> tuple[NoticeItem, ...]:
    """Like things in one item."""
    order = sorted(ripe, key=_alike)
    return tuple(_item(kind, message, list(same)) for (kind, message), same in groupby(order, key=_alike))


def _alike(condition: Condition) -> tuple[str, str]:
    kind = "refused" if condition.kind == "down" and condition.facts.get("person") else condition.kind
    return kind, str(condition.facts.get("message"))


def _item(kind: str, message: str, same: Sequence[Condition]) -> NoticeItem:
    what, trust, todo = _WORDS[kind]
    return NoticeItem(what=what.format(names=names_of(same), message=message).rstrip(), trust=trust, todo=todo)


def back_items(back: Sequence[Condition]) -> tuple[NoticeItem, ...]:
    """What is right again."""
    return tuple(_back(back))


def _back(back: Sequence[Condition]) -> Iterator[NoticeItem]:
    down = [condition for condition in back if condition.kind == "down"]
    reached = [condition for condition in back if condition.kind in ("destination", "orphan")]
    if down:
        yield NoticeItem(
            what=f"{names_of(down)} takes messages again, or nothing waits for it any more.",
            trust="What had waited is sent, many alerts together in digests.",
            todo="Nothing.",
        )
    if reached:
        yield NoticeItem(
            what=f"Nothing waits for {names_of(reached)} any more.",
            trust="What had waited was sent, or dropped by a person.",
            todo="Nothing.",
        )
    late = [condition for condition in back if condition.kind == "late"]
    if late:
        yield NoticeItem(
            what=f"{names_of(late)} was verified again, or is not watched any more.",
            trust="What had changed meanwhile was told as usual.",
            todo="Nothing.",
        )
    if any(condition.kind == "configuration" for condition in back):
        yield NoticeItem(
            what="The configuration can be read again.", trust="It is in force from now on.", todo="Nothing."
        )


def names_of(same: Sequence[Condition]) -> str:
    """ "a, b and 3 more": what conditions are about."""
    names = list(dict.fromkeys(str(condition.facts.get("watch")) for condition in same))
    more = len(names) - MOST_NAMED
    shown = ", ".join(names[:MOST_NAMED])
    return f"{shown} and {more} more" if more > 0 else shown
