"""An update as large as they come: 1,148 sites, and 40 criteria at once."""

from __future__ import annotations

from monitor.model.change import Change
from monitor.model.json import Json
from monitor.model.message import Message
from tests.deliver.told import STATUS, change, message, of_changes

SITES, CRITERIA = 1_148, 40
COMPARE = "https://monitor.example.org/t/NCT07011550/compare/1/2"


def criterion(n: int, severity: str = "major") -> Change:
    before, after = (
        f"Has had {n} lines of {word} therapy, with a washout of {n} weeks." for word in ("any", "systemic")
    )
    return change(
        "criteria", "eligibility.exclusion", before, after, severity, f"Exclusion {n} counts “systemic” therapy now.",
        strong=("systemic",), detail={"direction": "looser", "severity_reason": "who can join"},
    )  # fmt: skip


def sites() -> Change:
    """All of a very large trial's, each with two contacts."""
    pairs: list[Json] = [
        {
            "before": None,
            "after": {
                "facility": f"Hospital {n}", "city": f"Town {n % 300}", "country": "Israel", "status": "RECRUITING",
                "contacts": [
                    {"name": f"Person {m} of {n}", "role": "CONTACT", "phone": f"555-{m}0{n:04}", "email": f"{n}@h.org"}
                    for m in range(2)
                ],
            },
        }
        for n in range(SITES)
    ]  # fmt: skip
    told = "1,148 sites opened in 1 country: Israel."
    return change("locations", "locations.sites", None, ["..."], "minor", told, detail={"sites": pairs})


def large(severity: str = "major", *more: Change) -> Message:
    criteria = (criterion(n, severity) for n in range(CRITERIA))
    return message(of_changes(STATUS, sites(), *criteria, *more, compare_url=COMPARE))
