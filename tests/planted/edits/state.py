"""Status with its reason, enrollment, dates, and what is only bookkeeping."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

from monitor.sources.ctgov import words
from tests.planted.edits.sites import SITE_SLOT, site_json
from tests.planted.plot import Editor, Fact, Plot, odd, reworded

_REASONS = ("Slow accrual of participants", "Business decision of the sponsor", "Lack of funding", "Safety findings")
_CLOSED = ("ACTIVE_NOT_RECRUITING", "COMPLETED", "TERMINATED", "SUSPENDED", "WITHDRAWN")
_DATES = (
    ("start", "startDateStruct"),
    ("primary_completion", "primaryCompletionDateStruct"),
    ("completion", "completionDateStruct"),
)


def overall(plot: Plot) -> list[Fact]:
    """Another status; the reason comes with a stop and goes with its end, the last known status with UNKNOWN."""
    status = plot.module("statusModule")
    if odd(status) or not plot.free("status.overall"):
        return []
    before, why = status["overallStatus"], status.get("whyStopped")
    after = plot.some(sorted(words.STATUS - {before, "WITHHELD"}))
    status["overallStatus"] = after
    detail: dict[str, Any] = {}
    status.pop("lastKnownStatus", None)
    status.pop("whyStopped", None)
    if after == "UNKNOWN":
        status["lastKnownStatus"] = detail["last_known"] = before
    if after in ("SUSPENDED", "TERMINATED", "WITHDRAWN") and plot.chance.random() < 0.8:
        status["whyStopped"] = f"{plot.some(list(_REASONS))}, {plot.phrase(2)}"
    if why or "whyStopped" in status:
        detail["why_stopped"] = {"before": why, "after": status.get("whyStopped")}
    return [_status("status.overall", before, after, detail)]


def _status(path: str, before: Any, after: Any, detail: dict[str, Any] | None = None) -> Fact:
    return Fact(edit=path, category="status", path=path, before=before, after=after, detail=detail or {})


def closing(plot: Plot) -> list[Fact]:
    """The trial stops recruiting, and with its status the sites lose theirs and their contacts: one event."""
    status, sites = plot.module("statusModule"), plot.module("contactsLocationsModule").get("locations", [])
    listed = [site for site in sites if site.get("status") or site.get("contacts")]
    whole = [stamp for stamp in (SITE_SLOT, "status.overall") if stamp in plot.taken]
    if not listed or whole or status["overallStatus"] in _CLOSED or odd([sites, status]) or "whyStopped" in status:
        return []
    if any(slot[:1] == ("site",) for slot in plot.taken if isinstance(slot, tuple)):
        return []
    plot.free(SITE_SLOT, "status.overall")
    before, status["overallStatus"] = status["overallStatus"], plot.some(list(_CLOSED))
    status.pop("lastKnownStatus", None)
    pairs = [[site_json(site), None] for site in listed]
    for site, pair in zip(listed, pairs, strict=True):
        site.pop("status", None)
        site.pop("contacts", None)
        pair[1] = site_json(site)
    detail = {"sites": [{"before": was, "after": now} for was, now in pairs]}
    return [_status("status.overall", before, status["overallStatus"], detail)]


def reason(plot: Plot) -> list[Fact]:
    """The reason of a stop given, reworded or taken back while the status stays."""
    status = plot.module("statusModule")
    if status["overallStatus"] not in ("SUSPENDED", "TERMINATED", "WITHDRAWN") or not plot.free("status.overall"):
        return []
    before = status.get("whyStopped")
    status["whyStopped"] = f"{plot.some(list(_REASONS))}: {plot.phrase(3)}"
    if before and not plot.chance.randrange(4):
        del status["whyStopped"]
    return [] if odd(before) else [_status("status.why_stopped", before, status.get("whyStopped"))]


def last_known(plot: Plot) -> list[Fact]:
    """What the registry last knew, while the status stays UNKNOWN."""
    status = plot.module("statusModule")
    if status["overallStatus"] != "UNKNOWN" or not plot.free("status.overall"):
        return []
    before = status.get("lastKnownStatus")
    status["lastKnownStatus"] = plot.some(sorted(words.SITE_STATUS - {before}))
    return [_status("status.last_known", before, status["lastKnownStatus"])]


def expanded_access(plot: Plot) -> list[Fact]:
    """Access to the treatment outside the trial comes or goes; "there is none", said or unsaid, is bookkeeping."""
    status = plot.module("statusModule")
    names = {
        "hasExpandedAccess": "has_expanded_access",
        "nctId": "registry_id",
        "statusForNctId": "status_for_registry_id",
    }
    had = status.get("expandedAccessInfo", {})
    if not plot.free("status.expanded_access"):
        return []
    now: dict[str, Any] = {}
    if not had.get("hasExpandedAccess"):
        number = f"NCT0{plot.chance.randrange(10**7):07}"
        silent = not plot.chance.randrange(4)
        now = {"hasExpandedAccess": True, "nctId": number, "statusForNctId": "AVAILABLE"}
        now = ({} if had else {"hasExpandedAccess": False}) if silent else now
    elif plot.chance.randrange(2):
        now = {"hasExpandedAccess": False}
    status["expandedAccessInfo"] = now
    quiet = not had.get("hasExpandedAccess") and not now.get("hasExpandedAccess")
    sides = [_access(had, names), _access(now, names)]
    category = "administrative" if quiet else "status"
    path = "status.expanded_access"
    return [Fact(edit=path, category=category, path=path, before=sides[0], after=sides[1])]


def _access(info: dict[str, Any], names: dict[str, str]) -> dict[str, Any] | None:
    return {names[key]: value for key, value in info.items()} or None


def enrollment(plot: Plot) -> list[Fact]:
    """Another number, another type, both, or "unknown"."""
    module = plot.module("designModule")
    info = module.setdefault("enrollmentInfo", {})
    if not plot.free("enrollment"):
        return []
    before = _counted(info)
    step = plot.chance.randrange(4)
    if step in (0, 2):
        info["count"] = plot.chance.randrange(1, 5000)
    if step in (1, 2):
        info["type"] = "ACTUAL" if info.get("type") == "ESTIMATED" else "ESTIMATED"
    if step == 3:
        info["count"] = 99999999
    after = _counted(info)
    if before == after:
        return []
    return [Fact(edit="enrollment", category="enrollment", path="enrollment", before=before, after=after)]


def _counted(info: dict[str, Any]) -> dict[str, Any] | None:
    kept = {key: value for key, value in info.items() if value is not None and value != 99999999}
    return kept or None


def _date(name: str, key: str, plot: Plot) -> list[Fact]:
    """A date that slips, comes, goes, becomes actual, or is told more or less exactly."""
    status = plot.module("statusModule")
    if not plot.free(f"dates.{name}"):
        return []
    before = status.get(key)
    after = _another_date(plot, before)
    if after is None:
        status.pop(key, None)
    else:
        status[key] = after
    if before == after:
        return []
    return [Fact(edit=f"dates.{name}", category="dates", path=f"dates.{name}", before=before, after=after)]


def _another_date(plot: Plot, before: dict[str, Any] | None) -> dict[str, Any] | None:
    day = date(2019, 1, 1) + timedelta(days=plot.chance.randrange(4000))
    shown = str(day)[: plot.some([4, 7, 10, 10])]
    if before is None:
        return {"date": shown, "type": plot.some(["ACTUAL", "ESTIMATED"])}
    step = plot.chance.randrange(5)
    if step == 0:
        return None
    if step == 1 and before.get("type"):
        return {**before, "type": "ACTUAL" if before["type"] == "ESTIMATED" else "ESTIMATED"}
    if step == 2:
        exact = before["date"][:7] if len(before["date"]) == 10 else f"{before['date']}-01"
        return {**before, "date": exact}
    return {**before, "date": shown}


def bookkeeping(plot: Plot) -> list[Fact]:
    """Only the record's own dates moved. Told where nothing else is."""
    if plot.taken or not plot.free("alone"):
        return []
    status = plot.module("statusModule")
    moved = f"2026-{plot.chance.randrange(1, 13):02}-{plot.chance.randrange(1, 29):02}"
    key, name = plot.some(
        [("lastUpdateSubmitDate", "last_update_submitted"), ("statusVerifiedDate", "status_verified")]
    )
    before, status[key] = status.get(key), moved
    if before == moved:
        return []
    sides = ({name: {"date": before}} if before else {name: None}, {name: {"date": moved}})
    return [Fact(edit="bookkeeping", category="administrative", path="dates", before=sides[0], after=sides[1])]


def why_reworded(plot: Plot) -> list[Fact]:
    """One word of a long reason."""
    status = plot.module("statusModule")
    changed = reworded(plot, status.get("whyStopped") or "")
    if changed is None or not plot.free("status.overall"):
        return []
    before, status["whyStopped"] = status["whyStopped"], changed.text
    return [_status("status.why_stopped", before, changed.text)]


def editors() -> Iterator[tuple[str, Editor]]:
    """Each editor with the category that its edits are told in."""
    for editor in (overall, closing, closing, reason, last_known, expanded_access, why_reworded):
        yield "status", editor
    yield "enrollment", enrollment
    for name, key in _DATES:
        yield "dates", partial(_date, name, key)
    yield "administrative", bookkeeping
