"""A study page of ClinicalTrials.Veeva, read by its labels and headings into a record."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from monitor.errors import NotARecord
from monitor.model.json import Json
from monitor.model.people import Contacts, Locations
from monitor.model.reading import Body
from monitor.model.record import LATER, TrialRecord
from monitor.model.sections import (
    Agency,
    Arms,
    Conditions,
    Dates,
    Description,
    Design,
    Enrollment,
    Identification,
    Sponsor,
    Status,
    StudyDate,
)
from monitor.sources.ctv import labels as on_page
from monitor.sources.ctv.arms import read_groups, read_intervention
from monitor.sources.ctv.document import read_document
from monitor.sources.ctv.eligibility import markdown, read_eligibility
from monitor.sources.ctv.gate import faults_of, strangeness
from monitor.sources.ctv.heading import read_sponsor, read_title
from monitor.sources.ctv.places import read_contacts, read_count, read_sites
from monitor.sources.ctv.sections import Sections, cut_sections
from monitor.sources.ctv.values import Unknown, read_date, read_enrollment, read_masking, read_status, words_of
from monitor.text.clean import clean

NOT_SHOWN = "not shown on this page"

_NEVER_SHOWN = ("outcomes", "documents", "results", "references", "oversight", "sharing")
_LABELS_OF = {
    "identification": (on_page.IDENTIFIERS,),
    "status": (on_page.STATUS,),
    "sponsor": (on_page.FUNDERS, on_page.SPONSOR, on_page.COLLABORATORS),
    "design": (
        on_page.STUDY_TYPE,
        on_page.PURPOSE,
        on_page.ALLOCATION,
        on_page.MODEL,
        on_page.MASKING,
        on_page.OBSERVATIONAL_MODEL,
        on_page.TIME_PERSPECTIVE,
    ),
    "enrollment": (on_page.ENROLLMENT,),
    "conditions": (on_page.CONDITIONS, on_page.KEYWORDS),
    "arms": (on_page.TREATMENTS, on_page.GROUPS),
    "eligibility": (
        on_page.SEX,
        on_page.AGES,
        on_page.VOLUNTEERS,
        on_page.INCLUSION,
        on_page.EXCLUSION,
        on_page.CRITERIA,
    ),
    "contacts": (on_page.CONTACTS,),
    "locations": (on_page.LOCATIONS,),
    "description": (on_page.ABOUT, on_page.DETAILED),
    "dates": (
        on_page.START,
        on_page.PRIMARY_COMPLETION,
        on_page.COMPLETION,
        on_page.LAST_UPDATED,
        on_page.FIRST_POSTED,
    ),
}
_NCT = re.compile(r"NCT\d{8}\Z", re.IGNORECASE)
_SEPARATORS = re.compile(r"\s*[;|•·\n]\s*")
_ID_SEPARATORS = re.compile(r"\s*[;,|•·\n]\s*")


def read_page(body: Body, *, url: str | None = None, complete: bool = True) -> TrialRecord:
    """The record that a page states.

    Raises NotARecord, with the reasons, for anything but a complete study page; without `complete`, for what is no
    study page at all.
    """
    document = read_document(body)
    sections = cut_sections(document.lines)
    url = url or document.canonical or ""
    title = read_title(document, sections, _slug(url))
    sponsor = read_sponsor(sections, title)
    faults = faults_of(document, sections, title, sponsor) if complete else strangeness(document, sections)
    if faults:
        raise NotARecord(faults)
    return _record(sections, url, title, sponsor)


def _slug(url: str) -> str | None:
    parts = unquote(urlsplit(url).path).strip("/").split("/")
    return parts[-1].casefold() if parts[-1] else None


def _record(sections: Sections, url: str, title: str | None, sponsor: str | None) -> TrialRecord:
    unknown = Unknown()
    identification = _identification(sections, title)
    overall, reason, phases = read_status(sections.values(on_page.STATUS), unknown)
    locations, why = _locations(sections, unknown)
    arms, arms_why = _arms(sections)
    unavailable = {**why, **arms_why, **_unavailable(sections)}
    missing = {"identification": title, "sponsor": sponsor}
    unavailable |= {name: NOT_SHOWN for name, value in missing.items() if value is None}
    return TrialRecord(
        source="ctv",
        registry_id=identification.registry_id,
        url=url,
        identification=identification,
        status=Status(overall=overall, why_stopped=reason or _text(sections, on_page.WHY_STOPPED)),
        dates=_dates(sections),
        sponsor=_sponsor(sections, sponsor, unknown),
        design=_design(sections, phases, unknown),
        enrollment=_enrollment(sections, unknown),
        conditions=_conditions(sections),
        arms=arms,
        eligibility=read_eligibility(sections, unknown),
        contacts=Contacts(central=read_contacts(sections.values(on_page.CONTACTS))),
        locations=locations,
        description=Description(
            brief_summary=_text(sections, on_page.ABOUT), detailed=_text(sections, on_page.DETAILED)
        ),
        other=_strange(sections),
        unavailable=dict(sorted(unavailable.items())),
        unknown=(*unknown.found, *(f"label {name}" for name in sections.strange)),
    )


def _strange(sections: Sections) -> dict[str, Json]:
    """What stands under labels that were never seen: kept as it stands, by the label's words."""
    return {words_of(name).replace(" ", "_"): "\n".join(values) for name, values in sections.strange.items()}


def _unavailable(sections: Sections) -> dict[str, str]:
    unavailable = dict.fromkeys(_NEVER_SHOWN, NOT_SHOWN)
    for section, labels in _LABELS_OF.items():
        if any(sections.is_loading(label) for label in labels):
            unavailable[section] = LATER
        elif section != "sponsor" and not any(label in sections for label in labels):
            unavailable[section] = NOT_SHOWN
    if unavailable.get("identification") == NOT_SHOWN:
        del unavailable["identification"]  # the title is there
    if unavailable.get("contacts") == NOT_SHOWN and on_page.LOCATIONS in sections:
        del unavailable["contacts"]  # the page has the place for contacts, and names none
    if on_page.STATUS in sections and sections.is_loading(on_page.STATUS):
        unavailable["design"] = LATER  # the phases stand there
    if not any(label in sections for label in (on_page.INCLUSION, on_page.EXCLUSION, on_page.CRITERIA)):
        unavailable["eligibility"] = NOT_SHOWN
    return unavailable


def _identification(sections: Sections, title: str | None) -> Identification:
    ids = _split(sections.values(on_page.IDENTIFIERS), _ID_SEPARATORS)
    numbers = [each.upper() for each in ids if _NCT.match(each)]
    return Identification(
        registry_id=numbers[0] if numbers else None,
        brief_title=title,
        official_title=_text(sections, on_page.OFFICIAL_TITLE),
        acronym=_text(sections, on_page.ACRONYM),
        other_ids=tuple(each for each in ids if each.upper() not in numbers[:1]),
    )


def _sponsor(sections: Sections, lead: str | None, unknown: Unknown) -> Sponsor:
    """The class of the lead sponsor is known only where one kind of funder is named."""
    funders = _split(sections.values(on_page.FUNDERS), _ID_SEPARATORS)
    collaborators = _split(sections.values(on_page.COLLABORATORS), _SEPARATORS)
    return Sponsor(
        lead=lead,
        lead_class=unknown.code("sponsor.lead_class", funders[0]) if len(funders) == 1 else None,
        collaborators=collaborators,
        collaborator_details=tuple(Agency(name=name) for name in collaborators),
    )


def _design(sections: Sections, phases: tuple[str, ...], unknown: Unknown) -> Design:
    def code(path: str, label: str) -> str | None:
        return unknown.code(f"design.{path}", _first(sections, label))

    study_type = _first(sections, on_page.STUDY_TYPE)
    masking, masked = read_masking(" ".join(sections.values(on_page.MASKING)), unknown)
    return Design(
        study_type=code("study_type", on_page.STUDY_TYPE),
        phases=phases,
        allocation=code("allocation", on_page.ALLOCATION),
        intervention_model=code("intervention_model", on_page.MODEL),
        masking=masking,
        who_masked=masked,
        primary_purpose=code("primary_purpose", on_page.PURPOSE),
        observational_model=code("observational_model", on_page.OBSERVATIONAL_MODEL),
        time_perspective=code("time_perspective", on_page.TIME_PERSPECTIVE),
        patient_registry=True if study_type and "registry" in study_type.casefold() else None,
    )


def _enrollment(sections: Sections, unknown: Unknown) -> Enrollment:
    return read_enrollment(" ".join(sections.values(on_page.ENROLLMENT)[:2]), unknown)


def _conditions(sections: Sections) -> Conditions:
    return Conditions(
        conditions=_split(sections.values(on_page.CONDITIONS), _SEPARATORS),
        keywords=_split(sections.values(on_page.KEYWORDS), _SEPARATORS),
    )


def _arms(sections: Sections) -> tuple[Arms, dict[str, str]]:
    """Treatments and groups, with why they are unavailable: one part is not shown, or not as it is counted."""
    treatments = _split(sections.values(on_page.TREATMENTS), _SEPARATORS)
    interventions = tuple(read_intervention(each) for each in treatments)
    stated = on_page.stated_groups(sections.headings.get(on_page.GROUPS, ""))
    groups = read_groups(sections.pieces(on_page.GROUPS))
    if stated is not None and stated != len(groups):
        why = {"arms": f"{len(groups)} of {stated} groups of patients could be read"}
        return Arms(interventions=interventions), why
    untold = not treatments and any(group.interventions for group in groups)
    arms = Arms(arms=groups, interventions=interventions)
    return arms, {"arms": NOT_SHOWN} if untold or on_page.GROUPS not in sections else {}


def _locations(sections: Sections, unknown: Unknown) -> tuple[Locations, dict[str, str]]:
    count, shown = read_count(sections.values(on_page.LOCATIONS))
    if on_page.LOCATIONS not in sections or sections.is_loading(on_page.LOCATIONS):
        return Locations(count=count), {}
    sites = read_sites(shown, unknown)
    if sites is None or (count is not None and count != len(sites)):
        why = "shown without labels" if shown else LATER
        return (Locations(count=count), {} if count == 0 and not shown else {"locations": why})
    return Locations(count=len(sites), sites=sites), {}


def _dates(sections: Sections) -> Dates:
    def date(label: str) -> StudyDate | None:
        return read_date(" ".join(sections.values(label)[:2]))

    return Dates(
        start=date(on_page.START),
        primary_completion=date(on_page.PRIMARY_COMPLETION),
        completion=date(on_page.COMPLETION),
        first_posted=date(on_page.FIRST_POSTED),
        last_update_posted=date(on_page.LAST_UPDATED),
    )


def _first(sections: Sections, label: str) -> str | None:
    return next(iter(sections.values(label)), None)


def _text(sections: Sections, label: str) -> str | None:
    """The prose under a label, its paragraphs and lists as `clean` lays them out."""
    pieces = sections.pieces(label)
    text = pieces[0].text if len(pieces) == 1 else markdown(pieces)
    return clean(text) or None


def _split(values: list[str], separators: re.Pattern[str]) -> tuple[str, ...]:
    parts = (part.strip() for value in values for part in separators.split(value))
    return tuple(dict.fromkeys(part for part in parts if part))
