"""A digest: what waited for one reader, oldest first, each with the code of its alert. No code is ever left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC
from typing import Final
from zoneinfo import ZoneInfo

from monitor.deliver.render.telling import dated, known_as, repeat
from monitor.deliver.render.words import counted, cut, listed, show_moment
from monitor.model.change import Change, Severity
from monitor.model.message import ChangeMessage, DigestMessage, Message, Occasion, Standing, TrialEventMessage
from monitor.text.clean import harmless
from monitor.text.dates import show_date

_NAME: Final = 40
_FEW: Final = 5
_DAYS: Final = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
_SUBJECT: Final = 100
_HEADING: Final = {
    Occasion.BACKLOG: "What had waited",
    Occasion.SCHEDULE: "What changed, the gravest first",
    Occasion.AWAY: "What changed meanwhile, the gravest first",
    Occasion.STILL: "",
}


def digest_subject(content: DigestMessage, told: Sequence[str]) -> str:
    """ "Digest: NCT07011550 now Suspended, and 4 more alerts"; `told` are the subjects of the messages inside."""
    match content.occasion:
        case Occasion.STILL:
            return f"Still watching {_trials(content)}: {_all_checked(content)}"
        case Occasion.BACKLOG:
            return f"{counted(len(told), 'alert')} that had waited{_names(content)}"
        case _ if not told:
            return f"Nothing changed in {_trials(content)}: {_all_checked(content)}"
        case occasion:
            start = "While you were away" if occasion is Occasion.AWAY else "Digest"
            more = f", and {counted(len(told) - 1, 'more alert')}" if len(told) > 1 else ""
            return f"{start}: {cut(told[0], _SUBJECT - len(start) - len(more) - 2)}{more}"


def _names(content: DigestMessage) -> str:
    names = list(dict.fromkeys(name for name in map(_trial, content.messages) if name))
    more = f" and {counted(len(names) - 2, 'more trial')}" if len(names) > 2 else ""  # noqa: PLR2004 (two fit)
    return f": {', '.join(names[:2])}{more}" if names else ""


def _trials(content: DigestMessage) -> str:
    return counted(content.standing.trials, "trial") if content.standing else "your trials"


def _all_checked(content: DigestMessage) -> str:
    standing = content.standing
    if standing is None:
        return "see below"
    return (
        "all checked" if standing.checked == standing.trials else f"{standing.trials - standing.checked:,} not checked"
    )


def headline(content: DigestMessage) -> str:
    """What stands large above a digest."""
    number = len(content.messages)
    match content.occasion:
        case Occasion.STILL:
            return f"Still watching {_trials(content)}."
        case Occasion.BACKLOG:
            return "One alert had waited." if number == 1 else f"{number:,} alerts had waited."
        case _ if not number:
            return "Nothing changed."
        case Occasion.AWAY:
            return f"{counted(number, 'alert')} came while you were away."
        case _:
            return f"{counted(number, 'alert')} in this digest."


def why(content: DigestMessage) -> str:
    """One sentence below it: a gap in what was checked first, if there is one."""
    gap = _gap(content.standing)
    match content.occasion:
        case Occasion.BACKLOG:
            told = "They could not be delivered before. All of them follow, the oldest first."
        case Occasion.AWAY:
            first, last = (show_date(day) for day in content.name.split()[1:3])
            told = f"You were away from {first} to {last}."
        case Occasion.STILL:
            by = (
                f" If no such message comes by {show_date(content.next_by)}, something is wrong."
                if content.next_by
                else ""
            )
            told = f"No news is good news only while this comes, once a month.{by}"
        case _:
            told = f"It comes {_often(content.name)}."
    return f"{gap} {told}" if gap else told


def _often(schedule: str) -> str:
    """ "every day at 08:00 (Europe/Paris)", from a schedule as a configuration writes it."""
    how, *rest = schedule.split()
    day = "every day" if how == "daily" else f"every {_DAYS.get(rest.pop(0), 'week')}"
    return f"{day} at {rest[0]} ({rest[1]})"


def heading(content: DigestMessage) -> str:
    """What stands above the rows."""
    return _HEADING[content.occasion]


def closing(content: DigestMessage, zone: ZoneInfo) -> tuple[str, ...]:
    """How complete the view is, what was kept back, and what names all that is stored."""
    lines: list[str] = []
    standing, head = content.standing, content.head
    if standing is not None:
        since = f" since {show_moment(standing.since, zone)}" if standing.since else ""
        data = f", registry data of {show_date(standing.data_day)}" if standing.data_day else ""
        failed = standing.trials - standing.checked
        lines.append(f"{standing.checked:,} of {_trials(content)} checked{since}, {failed:,} failed{data}.")
    if content.muted:
        lines.append(f"{counted(content.muted, 'change')} muted; trial-monitor history shows all of them.")
    if head is not None:
        of_what = f"{counted(head.records, 'record')} at {head.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        lines.append(f"Head of the version chains of {of_what}: {head.digest}")
    return tuple(lines)


def _gap(standing: Standing | None) -> str:
    if standing is None or not standing.missing:
        return ""
    more = len(standing.missing) - _FEW
    names = [cut(harmless(name), _NAME) for name in standing.missing[:_FEW]]
    shown = f"{', '.join(names)} and {more:,} more" if more > 0 else listed(names)
    return f"Not checked: {shown}. Silence about that does not mean that nothing changed."


def _trial(message: Message) -> str | None:
    match message.content:
        case ChangeMessage() as content:
            header = content.header
        case TrialEventMessage() as event:
            header = event.header
        case _:
            return None
    return harmless(header.registry_id) if header.registry_id else cut(known_as(header), _NAME)


def gravest(content: DigestMessage) -> Severity:
    """Of all changes inside."""
    told = (change.severity for each in content.messages for change in _changes(each))
    return min(told, key=lambda severity: severity.rank, default=Severity.MINOR)


def _changes(message: Message) -> Sequence[Change]:
    return message.content.changes if isinstance(message.content, ChangeMessage) else ()


def below_one(message: Message) -> tuple[str, ...]:
    """What stands below a message inside a digest: of when it is, if it may be a repeat, its alert."""
    return tuple(line for line in (dated(message), repeat(message), f"Alert {message.code}.") if line)


def fold(
    messages: Sequence[Message], line: Callable[[Message], str], fits: Callable[[Sequence[str]], bool]
) -> list[str]:
    """One line for each message as far as they fit; of the others the codes."""
    lines = [f"{line(message)} ({_short(message)})" for message in messages]
    for shown in range(len(lines), 0, -1):
        made = [*lines[:shown], *_codes(messages[shown:])]
        if fits(made):
            return made
    return _codes(messages)


def _codes(left: Sequence[Message]) -> list[str]:
    if not left:
        return []
    return [f"… and {counted(len(left), 'more alert')}: {', '.join(map(_short, left))}."]


def _short(message: Message) -> str:
    return f"{message.code}{', may be a repeat' if message.maybe_repeat else ''}"
