"""What the registry calls the protocol section: who, when, how and for whom, module by module."""

from __future__ import annotations

from monitor.model.sections import (
    Agency,
    Arm,
    Arms,
    Conditions,
    Dates,
    Description,
    Design,
    Eligibility,
    Enrollment,
    ExpandedAccess,
    Identification,
    Intervention,
    OtherId,
    Outcome,
    Outcomes,
    Oversight,
    ResponsibleParty,
    Sharing,
    Sponsor,
    Status,
)
from monitor.sources.ctgov import words
from monitor.sources.ctgov.taking import Item
from monitor.text.criteria import parse_criteria

UNKNOWN_COUNT = 99999999  # what the registry writes where nobody knows how many


def identification(module: Item) -> Identification:
    number = module.exact("nctId")
    own = _org_id(module.item("orgStudyIdInfo"))
    ids = (*own, *(_secondary_id(item) for item in module.items("secondaryIdInfos")))
    return Identification(
        registry_id=number,
        brief_title=module.text("briefTitle"),
        official_title=module.text("officialTitle"),
        acronym=module.text("acronym"),
        other_ids=tuple(dict.fromkeys(each.id for each in ids if each.id)),
        other_id_details=ids,
        aliases=module.exacts("nctIdAliases"),
    )


def _org_id(item: Item) -> tuple[OtherId, ...]:
    number = item.exact("id")
    kind = item.word("type", words.FUNDING_ID, "identification.other_id_details.type")
    link = item.exact("link")
    return (OtherId(id=number or "", type=kind, link=link),) if number or kind or link else ()


def _secondary_id(item: Item) -> OtherId:
    return OtherId(
        id=item.exact("id") or "",
        type=item.word("type", words.SECONDARY_ID, "identification.other_id_details.type"),
        domain=item.text("domain"),
        link=item.exact("link"),
    )


def organization(module: Item) -> Agency | None:
    """The organisation that registered the trial; it stands in the identification module."""
    return _agency(module.item("organization"), "fullName", "sponsor.organization.agency_class")


def _agency(item: Item, name_key: str, word_name: str) -> Agency | None:
    name = item.text(name_key)
    kind = item.word("class", words.AGENCY_CLASS, word_name)
    return Agency(name=name or "", agency_class=kind) if name or kind else None


def status(module: Item) -> Status:
    access = module.item("expandedAccessInfo")
    return Status(
        overall=module.word("overallStatus", words.STATUS, "status.overall"),
        why_stopped=module.text("whyStopped"),
        last_known=module.word("lastKnownStatus", words.STATUS, "status.last_known"),
        delayed_posting=module.flag("delayedPosting"),
        expanded_access=ExpandedAccess(
            has_expanded_access=access.flag("hasExpandedAccess"),
            registry_id=access.exact("nctId"),
            status_for_registry_id=access.word(
                "statusForNctId", words.STATUS, "status.expanded_access.status_for_registry_id"
            ),
        ),
    )


def dates(module: Item) -> Dates:
    return Dates(
        start=module.dated("startDateStruct", "dates.start"),
        primary_completion=module.dated("primaryCompletionDateStruct", "dates.primary_completion"),
        completion=module.dated("completionDateStruct", "dates.completion"),
        first_posted=module.dated("studyFirstPostDateStruct", "dates.first_posted"),
        last_update_posted=module.dated("lastUpdatePostDateStruct", "dates.last_update_posted"),
        results_first_posted=module.dated("resultsFirstPostDateStruct", "dates.results_first_posted"),
        disposition_first_posted=module.dated("dispFirstPostDateStruct", "dates.disposition_first_posted"),
        first_submitted=module.date("studyFirstSubmitDate"),
        first_submitted_qc=module.date("studyFirstSubmitQcDate"),
        last_update_submitted=module.date("lastUpdateSubmitDate"),
        results_first_submitted=module.date("resultsFirstSubmitDate"),
        results_first_submitted_qc=module.date("resultsFirstSubmitQcDate"),
        results_waived=module.flag("resultsWaived"),
        disposition_first_submitted=module.date("dispFirstSubmitDate"),
        disposition_first_submitted_qc=module.date("dispFirstSubmitQcDate"),
        status_verified=module.date("statusVerifiedDate"),
    )


def sponsor(module: Item, registered_by: Agency | None) -> Sponsor:
    lead = _agency(module.item("leadSponsor"), "name", "sponsor.lead_class")
    found = [
        _agency(item, "name", "sponsor.collaborator_details.agency_class") for item in module.items("collaborators")
    ]
    collaborators = tuple(agency for agency in found if agency)
    return Sponsor(
        lead=(lead.name or None) if lead else None,
        lead_class=lead.agency_class if lead else None,
        collaborators=tuple(agency.name for agency in collaborators if agency.name),
        collaborator_details=collaborators,
        responsible_party=_responsible_party(module.item("responsibleParty")),
        organization=registered_by,
    )


def _responsible_party(item: Item) -> ResponsibleParty:
    return ResponsibleParty(
        type=item.word("type", words.RESPONSIBLE_PARTY, "sponsor.responsible_party.type"),
        investigator_full_name=item.text("investigatorFullName"),
        investigator_title=item.text("investigatorTitle"),
        investigator_affiliation=item.text("investigatorAffiliation"),
        old_name_title=item.text("oldNameTitle"),
        old_organization=item.text("oldOrganization"),
    )


def oversight(module: Item) -> Oversight:
    return Oversight(
        has_dmc=module.flag("oversightHasDmc"),
        fda_regulated_drug=module.flag("isFdaRegulatedDrug"),
        fda_regulated_device=module.flag("isFdaRegulatedDevice"),
        unapproved_device=module.flag("isUnapprovedDevice"),
        pediatric_postmarket_device=module.flag("isPpsd"),
        us_export=module.flag("isUsExport"),
        fdaaa801_violation=module.flag("fdaaa801Violation"),
    )


def description(module: Item) -> Description:
    return Description(brief_summary=module.text("briefSummary"), detailed=module.text("detailedDescription"))


def conditions(module: Item) -> Conditions:
    return Conditions(conditions=module.texts("conditions"), keywords=module.texts("keywords"))


def design(module: Item) -> Design:
    info = module.item("designInfo")
    masking = info.item("maskingInfo")
    samples = module.item("bioSpec")
    return Design(
        study_type=module.word("studyType", words.STUDY_TYPE, "design.study_type"),
        phases=module.words("phases", words.PHASE, "design.phases"),
        allocation=info.word("allocation", words.ALLOCATION, "design.allocation"),
        intervention_model=info.word("interventionModel", words.INTERVENTION_MODEL, "design.intervention_model"),
        intervention_model_description=info.text("interventionModelDescription"),
        masking=masking.word("masking", words.MASKING, "design.masking"),
        masking_description=masking.text("maskingDescription"),
        who_masked=masking.words("whoMasked", words.WHO_MASKED, "design.who_masked"),
        primary_purpose=info.word("primaryPurpose", words.PRIMARY_PURPOSE, "design.primary_purpose"),
        observational_model=info.word("observationalModel", words.OBSERVATIONAL_MODEL, "design.observational_model"),
        time_perspective=info.word("timePerspective", words.TIME_PERSPECTIVE, "design.time_perspective"),
        patient_registry=module.flag("patientRegistry"),
        target_duration=module.text("targetDuration"),
        biospecimen_retention=samples.word("retention", words.BIOSPECIMEN, "design.biospecimen_retention"),
        biospecimen_description=samples.text("description"),
        expanded_access_types=_access_types(module.item("expandedAccessTypes")),
        expanded_access_pointers=module.number("nPtrsToThisExpAccNctId"),
    )


def _access_types(item: Item) -> tuple[str, ...]:
    """Which kinds of expanded access there are, of the three that the registry has a mark for."""
    return tuple(kind.upper() for kind in ("individual", "intermediate", "treatment") if item.flag(kind))


def enrollment(module: Item) -> Enrollment:
    info = module.item("enrollmentInfo")
    count = info.number("count")
    return Enrollment(
        count=None if count == UNKNOWN_COUNT else count, type=info.word("type", words.DATE_TYPE, "enrollment.type")
    )


def arms(module: Item) -> Arms:
    return Arms(
        arms=tuple(_arm(item) for item in module.items("armGroups")),
        interventions=tuple(_intervention(item) for item in module.items("interventions")),
    )


def _arm(item: Item) -> Arm:
    return Arm(
        label=item.text("label") or "",
        type=item.word("type", words.ARM_TYPE, "arms.arms.type"),
        description=item.text("description"),
        interventions=item.texts("interventionNames"),
    )


def _intervention(item: Item) -> Intervention:
    return Intervention(
        type=item.word("type", words.INTERVENTION_TYPE, "arms.interventions.type"),
        name=item.text("name") or "",
        description=item.text("description"),
        arm_labels=item.texts("armGroupLabels"),
        other_names=item.texts("otherNames"),
    )


def outcomes(module: Item) -> Outcomes:
    return Outcomes(
        primary=tuple(_outcome(item) for item in module.items("primaryOutcomes")),
        secondary=tuple(_outcome(item) for item in module.items("secondaryOutcomes")),
        other=tuple(_outcome(item) for item in module.items("otherOutcomes")),
    )


def _outcome(item: Item) -> Outcome:
    return Outcome(
        measure=item.text("measure") or "", description=item.text("description"), time_frame=item.text("timeFrame")
    )


def eligibility(module: Item) -> Eligibility:
    """Who may join. `stdAges` is dropped: the registry derives it from the ages."""
    module.left.pop("stdAges", None)
    raw = module.raw("eligibilityCriteria")
    tree = parse_criteria(raw or "")
    return Eligibility(
        sex=module.word("sex", words.SEX, "eligibility.sex"),
        gender_based=module.flag("genderBased"),
        gender_description=module.text("genderDescription"),
        minimum_age=module.text("minimumAge"),
        maximum_age=module.text("maximumAge"),
        healthy_volunteers=module.flag("healthyVolunteers"),
        study_population=module.text("studyPopulation"),
        sampling_method=module.word("samplingMethod", words.SAMPLING, "eligibility.sampling_method"),
        inclusion=tree.inclusion,
        exclusion=tree.exclusion,
        other=tree.other,
        raw=raw,
    )


def sharing(module: Item) -> Sharing:
    return Sharing(
        plan=module.word("ipdSharing", words.IPD_SHARING, "sharing.plan"),
        description=module.text("description"),
        info_types=module.words("infoTypes", words.IPD_INFO, "sharing.info_types"),
        time_frame=module.text("timeFrame"),
        access_criteria=module.text("accessCriteria"),
        url=module.exact("url"),
    )
