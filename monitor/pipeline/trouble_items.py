"""What the operator reads about the monitor's own troubles. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from monitor.model.condition import Condition
from monitor.model.message import NoticeItem

MOST_NAMED = 5
_WAITS = (
    "Trials are checked as usual. Nothing is lost: all of it goes out when it is taken again. Until then its readers "
    "hear nothing."
)


def trouble_items(ripe: Sequence[Condition]) -> tuple[NoticeItem, ...]:
    """Like things in one item."""
    order = sorted(ripe, key=_alike)
    return tuple(_item(kind, message, list(same)) for (kind, message), same in groupby(order, key=_alike))


def _alike(condition: Condition) -> tuple[str, str]:
    return condition.kind, str(condition.facts.get("message"))


def _item(kind: str, message: str, same: Sequence[Condition]) -> NoticeItem:  # noqa: PLR0911 (one for each kind)
    names = names_of(same)
    match kind:
        case "down" if same[0].facts.get("person"):
            return NoticeItem(
                what=f"{names} takes no messages. {message}",
                trust=_WAITS,
                todo="Mend what is said above; it is tried again by itself, or at once by trial-monitor deliver.",
            )
        case "down" | "destination":
            return NoticeItem(
                what=f"Messages to {names} have waited for more than a day. {message}".rstrip(),
                trust=_WAITS,
                todo="Look at trial-monitor alerts, then try trial-monitor destination test.",
            )
        case "orphan":
            return NoticeItem(
                what=f"Messages wait for {names}. {message}",
                trust="They stay until somebody decides. Everybody else is told as usual.",
                todo="Put it back into the configuration, or drop what waits: trial-monitor alerts.",
            )
        case "dead":
            return NoticeItem(
                what=f"Given up: {names}. {message}",
                trust="Their reader was not told. All other messages go on.",
                todo="Look at it: trial-monitor alerts show ID; then alerts retry ID, or alerts drop ID.",
            )
        case "configuration":
            return NoticeItem(
                what=f"The configuration was changed and cannot be used. {message}",
                trust="The one that was read before stays in force.",
                todo="Mend the file; it is read again by itself.",
            )
        case "late":
            return NoticeItem(
                what=f"{names} should have been looked at. {message}",
                trust="Silence about these trials does not mean that nothing changed. All others are checked as usual.",
                todo="See that every trial is checked: run trial-monitor check without names, or trial-monitor run.",
            )
        case "clock":
            return NoticeItem(
                what=message,
                trust="What was due at a time of the wrong clock is due now; nothing is told twice for it.",
                todo="See that the machine's clock is kept right (chrony, systemd-timesyncd).",
            )
        case _:
            return NoticeItem(
                what=message,
                trust="Nothing was lost: what was due meanwhile is done now. A message that was just being sent may "
                "come twice, and says so.",
                todo="See that the disk of the store has room and can be written.",
            )


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
