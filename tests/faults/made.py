"""Evidence made by hand: a run in which all went well, to be spoilt in one point by each test of the checker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.faults.evidence import Entry, Evidence, Run
from tests.faults.script import Destination, Script, Trial, Version

NUMBER, OTHER = "NCT90000001", "NCT90000002"
READER, SECOND, OPERATOR = "team@example.org", "pi@example.org", "ops@example.org"
DAY = 86_400.0

TEXT = """\
{name}

{headline}
{values}

{number}, A Sponsor, Phase 2, 1 site
{more}

Not changed: who can join.


Read the record:
https://clinicaltrials.gov/study/{number}

--\x20
Seen {seen} Nov 2026, 12:00 UTC.
{label}Alert {alert}.
"""
HEADLINES = {
    "enrollment": "Now plans {1} people. It planned {0}.",
    "status": "Now {1}. It was {0}.",
    "phone": "The contact Ada has a new phone number: {1} (was {0}).",
}


def version(day: int, **shows: str) -> Version:
    return Version(day=day, shows={"enrollment": "1,001", "status": "Recruiting", "phone": "555-000001", **shows})


def script(*versions: Version, **more: Any) -> Script:
    """One trial of these versions, and one that never changes."""
    return Script(
        seed=1,
        days=4,
        trials=(
            Trial(number=NUMBER, base="", versions=versions or (version(1), version(2, enrollment="1,002"))),
            Trial(number=OTHER, base="", versions=(version(1),)),
        ),
        destinations=(
            Destination(name="team", kind="smtp", sink="mail", recipients=(READER,)),
            Destination(name="operator", kind="smtp", sink="mail", recipients=(OPERATOR,), operator=True),
        ),
        **more,
    )


def told(alert: str, *fields: tuple[str, str, str], at: float = DAY + 5, **more: Any) -> dict[str, Any]:
    """A ledger entry of a message about NUMBER: each field with its old and new value, the first as the headline."""
    (name, old, new), *others = fields
    values = f"  was: {old} (estimated)\n  now: {new} (estimated)"
    listed = "\n".join(
        f"\n[major] {n.title()}\n  {HEADLINES[n].format(a, b)}\n  was: {a}\n  now: {b}" for n, a, b in others
    )
    text = TEXT.format(
        name="A Study",
        headline=HEADLINES[name].format(old, new),
        values=values,
        number=more.pop("number", NUMBER),
        more=f"\n\nAlso changed in this update\n{listed}\n" if others else "",
        seen=20 + int(at // DAY),
        label=more.pop("label", ""),
        alert=alert,
    )
    return message(text, alert, at=at, **more)


def message(text: str, alert: str, *, at: float, **more: Any) -> dict[str, Any]:
    entry = {"event": "message", "sink": "mail", "at": at, "began": at - 0.1, "day": int(at // DAY) + 1, "now": at}
    entry |= {
        "recipient": READER,
        "alert": alert,
        "message_id": f"<{alert}@example.org>",
        "title": text.partition("\n")[0],
    }
    return {**entry, "text": text, "outcome": "taken", "accepted": True, "cut": False, **more}


def digest(code: str, *inside: Mapping[str, Any], at: float, number: int = 0, **more: Any) -> dict[str, Any]:
    """A message that tells what these would have told; it says how many, or another `number`."""
    bodies = (each["text"].partition("-- \n") for each in inside)
    parts = [f"{'=' * 72}\n\n{body.rstrip()}\n\n{foot.strip()}\n" for body, _, foot in bodies]
    head = f"{number or len(inside)} alerts had waited. All of them follow.\n"
    text = "\n".join([head, *parts, f"-- \nWritten 22 Nov 2026, 12:00 UTC.\n{more.pop('label', '')}Alert {code}.\n"])
    return message(text, code, at=at, **more)


def label(alert: str) -> str:
    return f"This may be a repeat of alert {alert}.\n"


def served(at: float, seen: Mapping[str, int | None], n: int = 1, **more: Any) -> list[Entry]:
    """A question and its answer in the servers' log."""
    status, wait = more.pop("status", 200), more.pop("retry_after", None)
    common = {"n": n, "host": more.pop("host", "ctgov"), "now": more.pop("now", at), "ask": more.pop("ask", "list")}
    headers = {"user-agent": more.pop("agent", "python-httpx/0.28 (+trial-monitor)")}
    return [
        {
            "event": "asked",
            "at": at,
            "headers": headers,
            "busy": 0,
            "day": 1,
            "numbers": [],
            "faults": [],
            **common,
            **more,
        },
        {"event": "answered", "at": at, "status": status, "retry_after": wait, "seen": seen, "whole": True, **common},
    ]


def run(day: int, **more: Any) -> Run:
    """A whole pass at the start of a day, of ten seconds."""
    at = (day - 1) * DAY
    report: Mapping[str, Any] = {"problems": []}
    return replace(Run(verb="check", day=day, began=at, ended=at + 10, code=0, report=report), **more)


CHANGE = ("enrollment", "1,001", "1,002")


def sound() -> Evidence:
    """Two days: on the second one change, told once."""
    log = [*served(1, {NUMBER: 0, OTHER: 0}), *served(DAY + 1, {NUMBER: 1, OTHER: 0}, n=2)]
    return Evidence(script=script(), runs=[run(1), run(2)], messages=[told("AAAA-0001", CHANGE)], log=log)
