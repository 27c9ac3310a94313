"""A study document of API v2, read into a TrialRecord. Pure; nothing of the document is changed or lost."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.model.json import Json
from monitor.model.papers import Results
from monitor.model.record import TrialRecord
from monitor.sources.ctgov import gate, listings, protocol
from monitor.sources.ctgov.posted import unknown_in
from monitor.sources.ctgov.taking import Document, Item
from monitor.sources.references import registry_url


def normalise(
    study: Mapping[str, Json], *, asked: str | None = None, url: str | None = None, complete: bool = True
) -> TrialRecord:
    """The record that a study document states.

    Raises NotARecord, with every reason found, if the document does not prove to be a complete record, or not that
    of the number `asked`, or if a value has a type that the registry's data model does not give it. Without `complete`
    an incomplete record is read as far as it goes.
    """
    gate.prove(study, asked, complete=complete)
    document = Document()
    record = _read(document, document.item(study, ""), url)
    document.raise_faults()
    return record


def _read(document: Document, study: Item, url: str | None) -> TrialRecord:
    study.left.pop("derivedSection", None)  # moves with every build of the registry, and states nothing of its own
    section = study.item("protocolSection")
    who, when = section.item("identificationModule"), section.item("statusModule")
    how, where = section.item("designModule"), section.item("contactsLocationsModule")
    files, notes, posted = study.item("documentSection"), study.item("annotationSection"), study.item("resultsSection")
    registered_by, identification = protocol.organization(who), protocol.identification(who)
    results = listings.results(study.flag("hasResults"), posted, notes.item("annotationModule"))
    return TrialRecord(
        source="ctgov",
        registry_id=identification.registry_id,
        url=url or registry_url(identification.registry_id or ""),
        identification=identification,
        status=protocol.status(when),
        dates=protocol.dates(when),
        sponsor=protocol.sponsor(section.item("sponsorCollaboratorsModule"), registered_by),
        oversight=protocol.oversight(section.item("oversightModule")),
        description=protocol.description(section.item("descriptionModule")),
        conditions=protocol.conditions(section.item("conditionsModule")),
        design=protocol.design(how),
        enrollment=protocol.enrollment(how),
        arms=protocol.arms(section.item("armsInterventionsModule")),
        outcomes=protocol.outcomes(section.item("outcomesModule")),
        eligibility=protocol.eligibility(section.item("eligibilityModule")),
        contacts=listings.contacts(where),
        locations=listings.locations(where),
        references=listings.references(section.item("referencesModule")),
        sharing=protocol.sharing(section.item("ipdSharingStatementModule")),
        documents=listings.documents(files.item("largeDocumentModule")),
        results=results,
        # evaluated last, when all that is known has been taken
        other=document.left_over(),
        unknown=_unknown(document, results, (study, section, files, notes, posted)),
    )


def _unknown(document: Document, results: Results, parents: tuple[Item, ...]) -> tuple[str, ...]:
    """Words, modules and keys that the data model did not have, each once; a module stands right under a section."""
    modules = {f"{item.path}.{key}".lstrip(".") for item in parents for key in item.left}
    left = (f"{'module' if place in modules else 'key'} {place}" for place in document.places_left())
    posted = unknown_in("resultsSection", results.modules)
    notes = unknown_in("annotationSection.annotationModule", results.annotations)
    return tuple(dict.fromkeys((*document.unknown, *left, *posted, *notes)))
