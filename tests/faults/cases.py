"""Runs made by hand for the tests of the checker: those that are sound, and those that break one rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tests.faults.evidence import Entry, Evidence
from tests.faults.made import (
    CHANGE,
    DAY,
    NUMBER,
    OPERATOR,
    OTHER,
    READER,
    SECOND,
    digest,
    label,
    message,
    run,
    script,
    served,
    sound,
    told,
    version,
)
from tests.faults.script import ExpectedNotice, Version


def with_messages(*messages: dict[str, Any]) -> Evidence:
    return replace(sound(), messages=messages)


def with_log(*questions: list[Any], rate: float = 0.0) -> Evidence:
    log = [*sound().log, *(entry for question in questions for entry in question)]
    return replace(sound(), log=log, script=script(requests_per_second=rate))


STOP = ("status", "Recruiting", "Suspended")
GO = ("status", "Suspended", "Recruiting")


def flipping(*messages: dict[str, Any]) -> Evidence:
    """Recruiting, suspended, recruiting, with a new phone number at last."""
    versions = (version(1), version(2, status="Suspended"), version(3), version(4, phone="555-000002"))
    log = [entry for day in range(4) for entry in served(day * DAY + 1, {NUMBER: day, OTHER: 0}, n=day + 1)]
    runs = [run(day) for day in range(1, 5)]
    return Evidence(script=script(*versions), runs=runs, messages=messages, log=log)


FLIPPED_PHONE = ("phone", "555-000001", "555-000002")
FLIPS = (
    told("AAAA-0001", STOP, at=DAY + 2),
    told("AAAA-0002", GO, at=2 * DAY + 2),
    told("AAAA-0003", FLIPPED_PHONE, at=3 * DAY + 2),
)


def with_label(message: dict[str, Any]) -> str:
    """Its text, as that of a possible repeat."""
    code: str = message["alert"]
    return str(message["text"]).replace(f"Alert {code}.", f"{label(code)}Alert {code}.")


AGAIN = tuple({**each, "text": with_label(each)} for each in FLIPS)
REMOVED = told("BBBB-0001", ("enrollment", "1,001", "nothing"))
FIRST = told("AAAA-0001", CHANGE)
REPEAT = told("AAAA-0001", CHANGE, at=DAY + 60, label=label("AAAA-0001"))
NOTICE = message(
    "Trial Monitor, for its operator\n\nWhat happened: NCT90000001 was kept aside.\nAlert CCCC-0001.",
    "CCCC-0001",
    at=DAY + 5,
    recipient=OPERATOR,
)


def notice(code: str, what: str, *, minute: int, recipient: str = OPERATOR, at: float = 2 * DAY) -> dict[str, Any]:
    """A notice that was planned in this minute of an hour."""
    said = f"What happened: {what}\nCan quiet be trusted? Yes.\nTo do: Nothing.\n"
    foot = f"-- \nWritten 22 Nov 2026, 12:{minute:02} UTC.\nAlert {code}."
    return message(f"Trial Monitor, for its operator\n\n{said}\n{foot}", code, at=at, recipient=recipient)


OUT = notice("CCCC-0002", "Messages to operator have waited for more than a day.", minute=10, recipient=READER)
STANDS_IN = notice("CCCC-0003", f"{NUMBER} was kept aside.", minute=20, recipient=READER)
BACK = notice("CCCC-0004", "Nothing waits for operator any more.", minute=30)
OTHER_OUT = notice("CCCC-0005", "Messages to team have waited for more than a day.", minute=10)
TOO_LATE = notice("CCCC-0006", f"{NUMBER} was kept aside.", minute=40, recipient=READER)
TAKEN_BACK = {
    **told("AAAA-0002", GO, at=3 * DAY + 2),
    "text": told("AAAA-0002", GO, at=3 * DAY + 2)["text"].replace(
        "\n  was:", "\nThis takes back what changed a day earlier.\n  was:", 1
    ),
}


def partly_taken_back(*messages: dict[str, Any]) -> Evidence:
    """Recruiting, suspended; then at once recruiting and a new phone number."""
    versions = (version(1), version(2, status="Suspended"), version(4, phone="555-000002"))
    log = [entry for day in (0, 1, 3) for entry in served(day * DAY + 1, {NUMBER: day - day // 3, OTHER: 0}, n=day + 1)]
    runs = [run(day) for day in (1, 2, 4)]
    return Evidence(script=script(*versions), runs=runs, messages=[FLIPS[0], *messages], log=log)


def killed_after_refusal(*, killed: float, more: Sequence[Entry] = ()) -> Evidence:
    """A run is refused, and killed; the next one asks again at once."""
    log = [*served(DAY + 2, OF_NONE, n=3, **REFUSED), *more, *served(DAY + 12, OF_NONE, n=5)]
    runs = [run(1), run(2, ended=killed, killed=killed), run(2, began=DAY + 11, ended=DAY + 20)]
    return replace(sound(), runs=runs, log=[*sound().log, *log, *served(DAY + 13, {NUMBER: 1, OTHER: 0}, n=6)])


GONE = "NCT90000001 A Study is no longer found at ClinicalTrials.gov.\n\nAlert DDDD-0001."
EXPECTED = ExpectedNotice(words=("NCT90000001", "kept aside"), since=2, by=2)
BUSY = {"status": 429, "retry_after": "60"}
REFUSED: dict[str, Any] = {"status": 403}
OF_NONE: dict[str, int | None] = {}


def by_page(*, days: int) -> Evidence:
    """A trial at both sources: the registry says three values, the page the middle one, told so many days later."""
    versions = (version(1), version(2, enrollment="1,002"), version(3, enrollment="1,003"))
    one, other = script(*versions).trials
    both = replace(one, slug="a-study", lag=1)
    registry = [
        *served(1, {NUMBER: 0, OTHER: 0}),
        *served(2 * DAY + 1, {NUMBER: 2, OTHER: 0}, n=2),
    ]
    page = [
        entry
        for day in (2, 3)
        for entry in served((day - 1) * DAY + 2, OF_NONE, n=day + 1, host="ctv", ask="page", numbers=[NUMBER], day=day)
    ]
    first = told("AAAA-0001", ("enrollment", "1,001", "1,003"), at=2 * DAY + 5)
    late = told("AAAA-0002", ("enrollment", "1,001", "1,002"), at=(2 + days) * DAY + 5)
    late["text"] = late["text"].replace("\n  was:", "\n(on the study page)\n  was:", 1)
    return Evidence(
        script=replace(script(*versions), trials=(both, other)),
        runs=[run(1), run(3), run(3 + days)],
        messages=[first, late],
        log=sorted([*registry, *page], key=lambda entry: float(entry["at"])),
    )


ABSENT, SPOILT = 1, None


def gone(*denials: int | None, messages: Sequence[Entry] = ()) -> Evidence:
    """The trial is absent from the second day on: each day a list leaves it out, and this is the answer about it."""
    versions = (version(1), Version(day=2, shows=version(1).shows, state="gone"))
    log, runs = [*served(1, {NUMBER: 0, OTHER: 0})], [run(1)]
    for day, seen in enumerate(denials, start=1):
        log += served(DAY * day + 1, {NUMBER: ABSENT, OTHER: 0}, n=2 * day)
        log += served(DAY * day + 2, {NUMBER: seen}, n=2 * day + 1, ask="study")
        runs.append(run(day + 1, report={"problems": [{"watch": NUMBER}]}))
    return Evidence(script=script(*versions), runs=runs, messages=messages, log=log)


SOUND = {
    "a page that says otherwise for days": by_page(days=4),
    "a run without a fault": sound(),
    "a trial that is gone": gone(ABSENT, ABSENT, ABSENT, messages=[message(GONE, "DDDD-0001", at=3 * DAY + 6)]),
    "a trial that lists leave out, and that was denied twice": gone(ABSENT, ABSENT, SPOILT),
    "a status that flips": flipping(*FLIPS),
    "a repeat after a cut line": with_messages({**FIRST, "outcome": "unknown", "cut": True}, REPEAT),
    "a repeat after a kill": replace(
        with_messages(FIRST, REPEAT),
        runs=[run(1), run(2, killed=DAY + 6, ended=DAY + 6), run(2, began=DAY + 50, ended=DAY + 70)],
        log=[*sound().log, *served(DAY + 55, {NUMBER: 1}, n=3)],
    ),
    "two changes in one message": Evidence(
        script=script(version(1), version(2, enrollment="1,002", status="Suspended")),
        runs=sound().runs,
        messages=[told("AAAA-0001", STOP, CHANGE)],
        log=sound().log,
    ),
    "a digest": flipping(digest("GGGG-0001", *FLIPS, at=3 * DAY + 2)),
    "a repeat in a digest": flipping(
        {**FLIPS[0], "outcome": "unknown"},
        digest("GGGG-0001", {**FLIPS[0], "text": with_label(FLIPS[0])}, *FLIPS[1:], at=3 * DAY + 2),
    ),
    "a digest that is repeated after a cut line": flipping(
        {**digest("GGGG-0001", *FLIPS, at=3 * DAY + 2), "outcome": "unknown"},
        digest("GGGG-0001", *AGAIN, at=3 * DAY + 62, label=label("GGGG-0001")),
    ),
    "a version that only a killed run saw": replace(
        flipping(told("AAAA-0003", ("phone", "555-000001", "555-000002"), at=3 * DAY + 2)),
        runs=[run(1), run(2, killed=DAY + 3), run(3), run(4)],
    ),
    "notices to a reader while the operator's mail server is away": with_messages(FIRST, OUT, STANDS_IN, BACK),
    "an update that is told in two messages, as a part of it takes something back": partly_taken_back(
        TAKEN_BACK, told("AAAA-0003", FLIPPED_PHONE, at=3 * DAY + 3)
    ),
    "a refusal that a killed run could not keep": killed_after_refusal(killed=DAY + 2.2),
    "a notice to the operator": replace(sound(), messages=[FIRST, NOTICE], script=script(notices=(EXPECTED,))),
    "a request that was read late": with_log(
        *(served(DAY + at, OF_NONE, n=n) for n, at in enumerate((2.4, 3, 4, 5, 6), start=3)), rate=1.0
    ),
    "a wait that was kept": with_log(served(DAY + 2, OF_NONE, n=3, **BUSY), served(DAY + 63, OF_NONE, n=4)),
    "a refusal that was kept": with_log(served(DAY + 2, OF_NONE, n=3, **REFUSED), served(DAY + 3700, OF_NONE, n=4)),
}  # fmt: skip


UNTOLD = replace(sound(), runs=[run(1), run(2), run(3)], log=[*sound().log, *served(2 * DAY + 1, {NUMBER: None}, n=3)])

BROKEN = {
    "LOST": with_messages(),
    "LOST, told once of twice": flipping(*FLIPS[1:]),
    "LOST, gone": gone(ABSENT, ABSENT, ABSENT),
    "LOST, gone, with a spoilt answer in between": gone(ABSENT, SPOILT, ABSENT, ABSENT),
    "LOST, not in the digest": flipping(digest("GGGG-0001", *FLIPS[1:], at=3 * DAY + 2)),
    "LOST, in a digest that nobody took": flipping(digest("GGGG-0001", *FLIPS, at=3 * DAY + 2, accepted=False)),
    "WRONG_VALUES, in a digest": flipping(
        digest("GGGG-0001", *FLIPS[:2], told("AAAA-0003", ("phone", "555-000001", "555-000009")), at=3 * DAY + 2)
    ),
    "FALSE_ALERT, in a digest": flipping(
        digest("GGGG-0001", *FLIPS, told("BBBB-0001", ("phone", "555-000002", "555-000009")), at=3 * DAY + 2)
    ),
    "WRONG_VALUES": with_messages(told("AAAA-0001", ("enrollment", "1,000", "1,002"))),
    "WRONG_VALUES, the new one": with_messages(told("AAAA-0001", ("enrollment", "1,001", "1,003"))),
    "FALSE_ALERT": with_messages(FIRST, told("BBBB-0001", ("phone", "555-000001", "555-000009"))),
    "FALSE_ALERT, of a trial that did not change": with_messages(FIRST, told("BBBB-0001", CHANGE, number=OTHER)),
    "FALSE_REMOVED": with_messages(FIRST, REMOVED),
    "FALSE_REMOVED, gone": replace(sound(), messages=[FIRST, message(GONE, "DDDD-0001", at=DAY + 6)]),
    "SURPLUS": with_messages(told("AAAA-0001", CHANGE, ("phone", "555-000001", "555-000009"))),
    "TOLD_TWICE": with_messages(FIRST, told("BBBB-0001", CHANGE, at=DAY + 6)),
    "FALSE_ALERT, of a page that lags": by_page(days=1),
    "OUT_OF_ORDER": flipping(FLIPS[0], FLIPS[2], FLIPS[1]),
    "OUT_OF_ORDER, in a digest": flipping(digest("GGGG-0001", FLIPS[0], FLIPS[2], FLIPS[1], at=3 * DAY + 2)),
    "UNSEEN": replace(sound(), messages=[], log=sound().log[:2]),
    "WRONG_RECIPIENT": with_messages(FIRST, {**FIRST, "recipient": OPERATOR, "alert": "BBBB-0001"}),
    "WRONG_RECIPIENT, nobody": with_messages(FIRST, {**FIRST, "recipient": SECOND, "alert": "BBBB-0001"}),
    "WRONG_RECIPIENT, a notice": with_messages(FIRST, {**NOTICE, "recipient": FIRST["recipient"]}),
    "WRONG_RECIPIENT, when the operator is well again": with_messages(FIRST, OUT, STANDS_IN, BACK, TOO_LATE),
    "WRONG_RECIPIENT, as if another destination were the operator's": with_messages(FIRST, OTHER_OUT, STANDS_IN),
    "LOST, the rest of what is taken back": partly_taken_back(TAKEN_BACK),
    "FALSE_ALERT, what takes nothing back": flipping(
        FLIPS[0],
        FLIPS[1],
        {**FLIPS[2], "text": FLIPS[2]["text"].replace("\n  was:", "\nThis takes back what changed.\n  was:", 1)},
    ),
    "HARDER_AFTER_REFUSAL, by a run that could keep it": killed_after_refusal(killed=DAY + 5),
    "HARDER_AFTER_REFUSAL, by a run that went on": killed_after_refusal(
        killed=DAY + 2.4, more=served(DAY + 2.2, OF_NONE, n=4, host="ctv")
    ),
    "REPEAT": with_messages(FIRST, REPEAT),
    "REPEAT, in a digest": flipping(*FLIPS[:2], digest("GGGG-0001", *AGAIN[:2], FLIPS[2], at=3 * DAY + 2)),
    "REPEAT, of a digest": flipping(
        digest("GGGG-0001", *FLIPS, at=3 * DAY + 2),
        digest("GGGG-0001", *AGAIN, at=3 * DAY + 62, label=label("GGGG-0001")),
    ),
    "REPEAT, after a kill of another run": replace(
        with_messages(FIRST, REPEAT), runs=[run(1), run(2), run(2, began=DAY + 50, ended=DAY + 70, killed=DAY + 55)]
    ),
    "UNLABELLED_REPEAT": with_messages(
        {**FIRST, "outcome": "unknown"}, {**REPEAT, "text": FIRST["text"]}
    ),
    "UNLABELLED_REPEAT, in a digest": flipping(
        {**FLIPS[0], "outcome": "unknown"}, digest("GGGG-0001", *FLIPS, at=3 * DAY + 2)
    ),
    "OTHER_ID, of a digest": flipping(
        {**digest("GGGG-0001", *FLIPS, at=3 * DAY + 2), "outcome": "unknown"},
        digest("GGGG-0001", *AGAIN, at=3 * DAY + 62, label=label("GGGG-0001"), message_id="<x@example.org>"),
    ),
    "NO_ALERT_ID, in a digest": flipping(digest("GGGG-0001", *FLIPS, at=3 * DAY + 2, number=4)),
    "OTHER_ID": with_messages({**FIRST, "outcome": "unknown"}, {**REPEAT, "message_id": "<x@example.org>"}),
    "NO_ALERT_ID": with_messages(FIRST, message("A test message to operator.", "", at=DAY + 7, recipient=OPERATOR)),
    "PENDING": replace(sound(), pending={"retry": 2}),
    "DEAD": replace(sound(), pending={"dead": 1}),
    "NOTICE_MISSING": replace(sound(), script=script(notices=(EXPECTED,))),
    "UNTOLD_FAULT": UNTOLD,
    "PACE": with_log(*(served(DAY + 2 + n / 2, OF_NONE, n=n + 3) for n in range(4)), rate=1.0),
    "CONNECTIONS": with_log(served(DAY + 2, OF_NONE, n=3, busy=1)),
    "RETRY_AFTER": with_log(served(DAY + 2, OF_NONE, n=3, **BUSY), served(DAY + 61, OF_NONE, n=4)),
    "RETRY_AFTER, of none": with_log(served(DAY + 2, OF_NONE, n=3, status=503), served(DAY + 2.5, OF_NONE, n=4)),
    "HARDER_AFTER_REFUSAL": with_log(served(DAY + 2, OF_NONE, n=3, **REFUSED), served(DAY + 62, OF_NONE, n=4)),
    "NO_AGENT": with_log(served(DAY + 2, OF_NONE, n=3, agent="")),
    "AGENT_CHANGED": with_log(served(DAY + 2, OF_NONE, n=3, agent="Mozilla/5.0")),
}  # fmt: skip


SIDE_EFFECTS = {
    "WRONG_RECIPIENT, nobody": {"OTHER_ID"},
    "LOST, the rest of what is taken back": {"FALSE_ALERT"},
}
"""What cannot be broken without the rule itself: a name of another recipient's; an update of which a part is told."""
