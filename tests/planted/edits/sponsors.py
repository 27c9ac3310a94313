"""Who stands behind the trial: lead, class, collaborators, who answers for it, who keeps the record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from monitor.sources.ctgov import words
from tests.planted.plot import Editor, Fact, Plot, odd, spelled


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


def editors() -> Iterator[tuple[str, Editor]]:
    """Each editor with the category that its edits are told in."""
    for editor in (sponsor_lead, sponsor_class, organization, collaborators, collaborators, responsible_party):
        yield "sponsor", editor
