"""The lists of people, places, papers and files of a document, and its posted results."""

from __future__ import annotations

from monitor.model.papers import (
    Document,
    Documents,
    Link,
    Reference,
    References,
    Results,
    SharedData,
)
from monitor.model.people import (
    Contact,
    Contacts,
    Locations,
    Official,
    Site,
)
from monitor.sources.ctgov import words
from monitor.sources.ctgov.taking import Item


def contacts(module: Item) -> Contacts:
    return Contacts(
        central=tuple(_contact(item, "contacts.central.role") for item in module.items("centralContacts")),
        officials=tuple(_official(item) for item in module.items("overallOfficials")),
    )


def _contact(item: Item, role_name: str) -> Contact:
    return Contact(
        name=item.text("name"),
        role=item.word("role", words.ROLE, role_name),
        phone=item.exact("phone"),
        phone_ext=item.exact("phoneExt"),
        email=item.exact("email"),
    )


def _official(item: Item) -> Official:
    return Official(
        name=item.text("name"),
        affiliation=item.text("affiliation"),
        role=item.word("role", words.ROLE, "contacts.officials.role"),
    )


def locations(module: Item) -> Locations:
    """The sites. A complete record without a list of them has none: the count is 0 then, not unknown."""
    sites = tuple(site(item) for item in module.items("locations"))
    return Locations(count=len(sites), sites=sites)


def site(item: Item) -> Site:
    """One site, without its point on the map (see `points`)."""
    item.left.pop("geoPoint", None)
    return Site(
        facility=item.text("facility"),
        city=item.text("city"),
        state=item.text("state"),
        zip=item.exact("zip"),
        country=item.text("country"),
        status=item.word("status", words.SITE_STATUS, "locations.sites.status"),
        contacts=tuple(_contact(each, "locations.sites.contacts.role") for each in item.items("contacts")),
    )


def documents(module: Item) -> Documents:
    return Documents(
        documents=tuple(_document(item) for item in module.items("largeDocs")), no_sap=module.flag("noSap")
    )


def _document(item: Item) -> Document:
    label = item.text("label")
    item.note(words.DOCUMENT_LABEL, "documents.documents.label", label.partition(":")[0].strip() if label else None)
    return Document(
        label=label,  # the sponsor's own words may stand behind a colon
        type=item.word("typeAbbrev", words.DOCUMENT_TYPE, "documents.documents.type"),
        has_protocol=item.flag("hasProtocol"),
        has_sap=item.flag("hasSap"),
        has_icf=item.flag("hasIcf"),
        date=item.exact("date"),
        upload_date=item.exact("uploadDate"),
        filename=item.exact("filename"),
        size=item.number("size"),
    )


def references(module: Item) -> References:
    return References(
        references=tuple(_reference(item) for item in module.items("references")),
        see_also=tuple(Link(label=item.text("label"), url=item.exact("url")) for item in module.items("seeAlsoLinks")),
        shared_data=tuple(_shared_data(item) for item in module.items("availIpds")),
    )


def _reference(item: Item) -> Reference:
    return Reference(
        pmid=item.exact("pmid"),
        type=item.word("type", words.REFERENCE_TYPE, "references.references.type"),
        citation=item.text("citation"),
        retractions=tuple(filter(None, (_retraction(each) for each in item.items("retractions")))),
    )


def _retraction(item: Item) -> str:
    """The notice of a retraction: its citation and its number in PubMed."""
    pmid, notice = item.exact("pmid"), item.text("source")
    numbered = f"PMID {pmid}" if pmid else ""
    return f"{notice} ({numbered})" if notice and numbered else notice or numbered


def _shared_data(item: Item) -> SharedData:
    return SharedData(id=item.exact("id"), type=item.text("type"), url=item.exact("url"), comment=item.text("comment"))


def results(has_results: bool | None, section: Item, annotation: Item) -> Results:  # noqa: FBT001 (a value, no switch)
    """Posted results and annotations as the registry spells them, with cleaned text."""
    return Results(
        has_results=has_results,
        modules={key: section.mapping(key) for key in words.RESULTS_MODULES if key in section.left},
        annotations={key: annotation.mapping(key) for key in words.ANNOTATIONS if key in annotation.left},
    )
