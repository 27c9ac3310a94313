"""Status with its reason, enrollment, dates, and what is only bookkeeping."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

from monitor.sources.ctgov import words
from tests.planted.edits.sites import SITE_SLOT, site_json
from tests.planted.plot import Editor, Fact, Plot, odd, reworded, spelled

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


def sponsor_lead(plot: Plot) -> list[Fact]:
    """Another lead sponsor; the organization that registered the trial may be renamed with it."""
    module, identity = plot.module("sponsorCollaboratorsModule"), plot.module("identificationModule")
    lead, organization = module["leadSponsor"], identity.get("organization", {})
    if odd([lead, organization]) or not plot.free("sponsor.lead", "sponsor.lead_class", "sponsor.organization"):
        return []
    before, kind = lead["name"], lead.get("class")
    lead["name"] = f"{plot.phrase(2).title()} University"
    if plot.chance.randrange(2):
        lead["class"] = plot.some(sorted(words.AGENCY_CLASS - {kind}))
    detail = {} if kind == lead.get("class") else {"class": {"before": kind, "after": lead.get("class")}}
    if organization.get("fullName") == before and plot.chance.randrange(2):
        was = spelled(organization, {"fullName": "name", "class": "agency_class"})
        organization["fullName"] = lead["name"]
        now = spelled(organization, {"fullName": "name", "class": "agency_class"})
        detail["organization"] = {"before": was, "after": now}
    return [_sponsor("sponsor.lead", before, lead["name"], detail)]


def sponsor_class(plot: Plot) -> list[Fact]:
    """The lead sponsor, a collaborator or the organization is put into another class."""
    module, identity = plot.module("sponsorCollaboratorsModule"), plot.module("identificationModule")
    which = plot.some(["lead", "organization"])
    agency = module["leadSponsor"] if which == "lead" else identity.get("organization", {})
    if not agency or not plot.free(f"sponsor.{which}", f"sponsor.{which}_class"):
        return []
    before = agency.get("class")
    agency["class"] = plot.some(sorted(words.AGENCY_CLASS - {before}))
    return [_sponsor(f"sponsor.{which}_class", before, agency["class"])]


def organization(plot: Plot) -> list[Fact]:
    """Only the organization that keeps the record is another."""
    agency = plot.module("identificationModule").get("organization", {})
    if not agency.get("fullName") or odd(agency) or not plot.free("sponsor.organization", "sponsor.lead"):
        return []
    before, agency["fullName"] = agency["fullName"], f"{plot.phrase(2).title()} Institute"
    return [_sponsor("sponsor.organization", before, agency["fullName"])]


def collaborators(plot: Plot) -> list[Fact]:
    """One joins, one leaves, or one changes its class."""
    module = plot.module("sponsorCollaboratorsModule")
    listed = module.setdefault("collaborators", [])
    names = [each["name"] for each in listed]
    if odd(names) or len(set(names)) < len(names):
        return []
    step = plot.chance.randrange(3)
    known = [each for each in listed if ("collaborator", each["name"]) not in plot.taken]
    if step == 0 or not known:
        name = f"{plot.phrase(2).title()} Foundation {plot.chance.randrange(1000)}"
        plot.free(("collaborator", name))
        listed.append({"name": name, "class": "OTHER"})
        return [_sponsor("sponsor.collaborators", None, name, {"class": {"before": None, "after": "OTHER"}})]
    agency = plot.some(known)
    plot.free(("collaborator", agency["name"]))
    if step == 1:
        listed.remove(agency)
        detail = {"class": {"before": agency.get("class"), "after": None}} if agency.get("class") else {}
        return [_sponsor("sponsor.collaborators", agency["name"], None, detail)]
    before, agency["class"] = agency.get("class"), plot.some(sorted(words.AGENCY_CLASS - {agency.get("class")}))
    return [_sponsor("sponsor.collaborator_class", before, agency["class"], {"name": agency["name"]})]


def responsible_party(plot: Plot) -> list[Fact]:
    """Another investigator answers for the trial, or the sponsor itself."""
    module = plot.module("sponsorCollaboratorsModule")
    names = {
        "type": "type",
        "investigatorFullName": "investigator_full_name",
        "investigatorTitle": "investigator_title",
        "investigatorAffiliation": "investigator_affiliation",
        "oldNameTitle": "old_name_title",
        "oldOrganization": "old_organization",
    }
    party = module.setdefault("responsibleParty", {})
    if odd(party) or not plot.free("sponsor.responsible_party"):
        return []
    before = spelled(party, names) or None
    party["type"] = "PRINCIPAL_INVESTIGATOR"
    party["investigatorFullName"] = plot.phrase(2).title()
    return [_sponsor("sponsor.responsible_party", before, spelled(party, names))]


def _sponsor(path: str, before: Any, after: Any, detail: dict[str, Any] | None = None) -> Fact:
    return Fact(edit=path, category="sponsor", path=path, before=before, after=after, detail=detail or {})


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
    for sponsor in (sponsor_lead, sponsor_class, organization, collaborators, collaborators, responsible_party):
        yield "sponsor", sponsor
    yield "administrative", bookkeeping
