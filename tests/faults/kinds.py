"""The faults of sources by name: what the world may do to an answer, ready to be placed in a script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from tests.faults.script import Act, Fault, Where

PAGES_WITH_200 = (
    "empty",
    "blank",
    "captcha",
    "maintenance",
    "login",
    "cookie wall",
    "search results",
    "not found page",
    "loading",
    "half",
    "garbage",
    "utf-16",
    "nul",
    "other trial",
    "renamed",
    "stripped",
)
LISTS_WITH_200 = ("empty", "captcha", "maintenance", "half", "garbage", "null", "list", "text", "no list", "deep")
MEMBERS = ("missing", "null", "text", "stripped", "other trial", "renamed")
STATUSES = (400, 401, 403, 408, 418, 429, 451, 500, 502, 503, 504)
WAITS: Final[Mapping[str, str]] = {
    "seconds": "2",
    "date": "date+2",
    "zero": "0",
    "negative": "-5",
    "past": "date-3600",
    "garbage": "soon, perhaps",
    "float": "1.5",
    "huge": "9" * 30,
    "empty": "",
}
TRANSPORT: Final[Mapping[str, Act]] = {
    "short body": Act(cut_after=900),
    "cut in the head": Act(cut_after=0),
    "broken chunk": Act(framing="broken chunk"),
    "cut gzip": Act(coding="cut gzip"),
    "gzip that is none": Act(coding="mislabelled"),
    "coded twice": Act(coding="twice"),
    "foreign coding": Act(coding="foreign"),
    "bomb": Act(coding="bomb"),
    "endless": Act(framing="endless"),
    "huge length": Act(framing="huge length", cut_after=100),
    "hangs up": Act(hang_up=True),
    "redirect loop": Act(redirect="loop"),
    "redirect to a login": Act(redirect="login"),
    "redirect to another host": Act(redirect="other host"),
    "304": Act(status=304, body="empty"),
}
HARMLESS: Final[Mapping[str, Act]] = {
    "chunked": Act(framing="chunked"),
    "until the end": Act(framing="close"),
    "slow start": Act(delay=0.05),
    "slow drip": Act(rate=400_000),
}
"""Odd, and yet the true answer."""

SLOW: Final[Mapping[str, Act]] = {
    "stalls": Act(stall_after=200),
    "drips for ever": Act(rate=50),
}
"""Each costs a time-out, or the whole deadline of an answer: to be placed sparingly."""

TELLING: Final[Mapping[str, Act]] = {
    "404 naming the trial": Act(status=404, body="not found"),
    "410": Act(status=410, body="not found"),
    "older": Act(body="older"),
    "field renamed": Act(body="field renamed"),
}
"""What a single trial may rightly be told by, if it lasts: an absence, an older version, a field that is not there."""

KINDS: Final[Mapping[str, Act]] = {
    **{name: Act(body=name) for name in dict.fromkeys((*PAGES_WITH_200, *LISTS_WITH_200))},
    **{str(status): Act(status=status, body="maintenance") for status in STATUSES},
    **{f"429, wait: {name}": Act(status=429, headers={"Retry-After": wait}) for name, wait in WAITS.items()},
    **{f"503, wait: {name}": Act(status=503, headers={"Retry-After": wait}) for name, wait in WAITS.items()},
    "404": Act(status=404, body="not found page"),
    **TELLING,
    **TRANSPORT,
    **HARMLESS,
    **SLOW,
}


def place(name: str, where: Where) -> Fault:
    """The fault of this name, for these requests."""
    return Fault(name=name, where=where, act=KINDS[name])


def on_each(names: Iterable[str], trials: Iterable[str], *, day: int, last: int | None = None) -> tuple[Fault, ...]:
    """For each trial one of the faults in turn, on every one of its requests of the day (or up to the `last`)."""
    turn = list(names)
    return tuple(
        place(turn[n % len(turn)], Where(trial=trial, days=(day, day), last=last)) for n, trial in enumerate(trials)
    )
