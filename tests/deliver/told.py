"""Messages about real trials (ClinicalTrials.gov, February and March 2026), as the pipeline gives them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from monitor.model.alert import AlertKind
from monitor.model.change import Category, Cause, Change, Kind, Severity
from monitor.model.json import Json
from monitor.model.message import (
    ChangeMessage,
    Content,
    DigestMessage,
    Message,
    NoticeItem,
    NoticeMessage,
    Origin,
    PlainMessage,
    TestMessage,
    TrialEventMessage,
    TrialHeader,
    WelcomeMessage,
)

HEADER = TrialHeader(
    registry_id="NCT07011550",
    title=(
        "Phase 2, Single-arm Trial of BMS-986340 in Association With Nivolumab, Trifluridine/Tipiracil and Bevacizumab "
        "for Patients Refractory to Standard of Care Treatment and With Microsatellite-stable Colorectal Cancer"
    ),
    label="BMS-986340 in colorectal cancer",
    sponsor="M.D. Anderson Cancer Center",
    phases=("PHASE2",),
    overall_status="SUSPENDED",
    site_count=1,
    single_site_city="Houston",
    record_url="https://clinicaltrials.gov/study/NCT07011550",
    compare_url="https://clinicaltrials.gov/study/NCT07011550?tab=history&a=1&b=2#version-content-panel",
)
ORIGIN = Origin(
    seen_at=datetime(2026, 2, 20, 0, 58, tzinfo=UTC),
    posted="2026-02-19",
    data_timestamp="2026-02-19T09:00:05",
    from_version=1,
    to_version=2,
    reasons=('the rule "stops and starts" sends status changes of tag ccr8 to advocates',),
)


def change(  # noqa: PLR0917 (the six things that make a change, in the order in which they are read)
    category: str, path: str, before: Json, after: Json, severity: str, sentence: str, **rest: Any
) -> Change:
    """A change; `strong` and `detail` as keywords."""
    kind = Kind.ADDED if before is None else Kind.REMOVED if after is None else Kind.CHANGED
    return Change(
        category=Category(category),
        path=path,
        kind=kind,
        before=before,
        after=after,
        severity=Severity(severity),
        cause=rest.get("cause", Cause.SPONSOR),
        sentence=sentence,
        detail=rest.get("detail", {}),
        strong=rest.get("strong", ()),
    )


STATUS = change(
    "status",
    "status.overall",
    "RECRUITING",
    "SUSPENDED",
    "critical",
    'Now Suspended. It was Recruiting. Reason given: "FDA".',
    strong=("Suspended", "FDA"),
    detail={"reason": "FDA", "severity_reason": "stopped for regulatory reasons"},
)
ENROLLMENT = change(
    "enrollment",
    "enrollment",
    {"count": 40, "type": "ESTIMATED"},
    {"count": 7, "type": "ACTUAL"},
    "major",
    "Enrolled 7 people (final count) of 40 planned, 18%.",
    strong=("7 people",),
    detail={"step": "final", "of_plan": 18},
)
CONTACT = change(
    "contacts",
    "contacts.central",
    {"name": "Kim Ross", "role": "CONTACT", "phone": "713-794-1623", "email": "GIClinicalTrials@mdanderson.org"},
    None,
    "minor",
    "The contact Kim Ross is no longer listed. Contacts are usually withdrawn when a trial stops recruiting.",
    strong=("Kim Ross",),
)
START = change(
    "dates",
    "dates.start",
    {"date": "2025-11-30", "type": "ESTIMATED"},
    {"date": "2025-08-15", "type": "ACTUAL"},
    "minor",
    "Started on 15 Aug 2025, 107 days before the expected day (30 Nov 2025).",
    strong=("15 Aug 2025",),
)
CRITERION = change(
    "criteria",
    "eligibility.exclusion",
    "Has a history of pneumonitis that required corticosteroids.",
    "Has a history of pneumonitis irrespective of steroid use.",
    "major",
    "Exclusion 2 counts “irrespective of steroid use” now.",
    strong=("irrespective of steroid use",),
    detail={
        "direction": "tighter",
        "pieces": [
            ["=", "Has a history of pneumonitis"],
            ["-", " that required corticosteroids"],
            ["+", " irrespective of steroid use"],
            ["=", "."],
        ],
    },
)


def sites_opened(number: int) -> Change:
    pairs: list[Json] = [
        {
            "before": None,
            "after": {"facility": f"Hospital {n}", "city": "Haifa", "country": "Israel", "status": "RECRUITING"},
        }
        for n in range(number)
    ]
    return change(
        "locations", "locations.sites", None, ["..."], "minor", f"{number} sites opened.", detail={"sites": pairs}
    )


def message(content: Content, kind: str = "change", **rest: Any) -> Message:
    return Message(
        code=rest.pop("code", "7K2M-0412"),
        kind=AlertKind(kind),
        content=content,
        created_at=datetime(2026, 2, 20, 1, 0, tzinfo=UTC),
        timezone=rest.pop("timezone", ZoneInfo("UTC")),
        thread=rest.pop("thread", "NCT07011550/advocates"),
        **rest,
    )


def of_changes(*changes: Change, **header: Any) -> ChangeMessage:
    return ChangeMessage(
        header=replace(HEADER, **header), changes=changes, origin=ORIGIN, unchanged=("who can join", "outcomes")
    )


SUSPENDED = message(of_changes(STATUS, ENROLLMENT, CONTACT, START))
WELCOME = message(
    WelcomeMessage(trials=(HEADER, replace(HEADER, registry_id=None, label=None, overall_status=None))), "welcome"
)
GONE = message(
    TrialEventMessage(
        header=HEADER, sentences=("NCT07011550 is no longer found at ClinicalTrials.gov.", "We go on asking."),
        origin=replace(ORIGIN, posted=None),
    ),
    "gone",
)  # fmt: skip
NOTICE = message(
    NoticeMessage(
        items=(NoticeItem(what="A page shows a log-in form.", trust="Not for this trial.", todo="Nothing."),)
    ),
    "notice",
)


def told_test(destination: str) -> TestMessage:
    return TestMessage(destination=destination)


TEST = message(told_test("team-slack"), "test")
PLAIN = message(PlainMessage(title="NCT07011550: change", lines=(STATUS.sentence, "was: RECRUITING", "now: SUSPENDED")))


def digest(*inside: Message, code: str = "9XYZ-0001", **rest: Any) -> Message:
    return message(DigestMessage(messages=inside), "digest", code=code, thread=None, **rest)


def backlog(count: int, *changes: Change) -> Message:
    """A digest of so many updates of as many trials."""
    return digest(
        *(
            message(of_changes(*changes, registry_id=f"NCT{n:08}", label=f"Trial {n}"), code=f"AAAA-{n:04}")
            for n in range(count)
        )
    )


DIGEST = digest(SUSPENDED, GONE, WELCOME, NOTICE, PLAIN)
EVERY = (
    SUSPENDED,
    message(of_changes(CRITERION, sites_opened(12))),
    WELCOME,
    GONE,
    NOTICE,
    TEST,
    PLAIN,
    DIGEST,
)
