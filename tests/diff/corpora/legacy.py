"""Documents as API v2 would have given them, made of the registry's XML of before 2024."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeAlias
from xml.etree import ElementTree as ET

Node: TypeAlias = ET.Element
Piece: TypeAlias = dict[str, Any]

_ROLES = {"Principal Investigator": "PRINCIPAL_INVESTIGATOR", "Sub-Investigator": "SUB_INVESTIGATOR"}
_DESIGN = re.compile(r"(Allocation|Intervention Model|Masking|Primary Purpose|Observational Model|Time Perspective): ")


def study_of(xml: str) -> Piece:
    """The document that the XML tells of. Raises ParseError if it is no XML."""
    root = ET.fromstring(xml.encode())  # noqa: S314 (recorded files)
    protocol = {name: make(root) for name, make in _MODULES.items()}
    documents = said(largeDocs=[_document(node) for node in root.iterfind("provided_document_section/*")])
    return said(protocolSection=said(**protocol), documentSection=said(largeDocumentModule=documents))


def said(**fields: Any) -> Piece:
    """What says something; a name in Python's way ("class_") loses its dash."""
    return {name.rstrip("_"): value for name, value in fields.items() if value not in (None, "", [], {})}


def text(node: Node, path: str) -> str | None:
    """The text as it stands: a block keeps its lines."""
    found = node.findtext(path)
    return found.strip("\r\n") if found and found.strip() else None


def texts(node: Node, path: str) -> list[str]:
    return [each.text.strip() for each in node.iterfind(path) if each.text and each.text.strip()]


def code(words: str | None) -> str | None:
    """ "Active, not recruiting" as ACTIVE_NOT_RECRUITING."""
    return re.sub(r"\W+", "_", words).strip("_").upper() if words else None


def day(node: Node, path: str) -> str | None:
    """ "January 5, 2017" as 2017-01-05, "July 1997" as 1997-07."""
    words = text(node, path)
    if words is None:
        return None
    spelled, given = ("%Y-%m-%d", "%B %d, %Y") if "," in words else ("%Y-%m", "%B %Y")
    return datetime.strptime(words, given).strftime(spelled)  # noqa: DTZ007 (a day, not a moment)


def dated(node: Node, path: str) -> Piece:
    found = node.find(path)
    kind = None if found is None else {"Anticipated": "ESTIMATED", "Estimate": "ESTIMATED"}.get(found.get("type", ""))
    actual = None if found is None else code(found.get("type"))
    return said(date=day(node, path), type=kind or actual)


def flag(node: Node, path: str) -> bool | None:
    words = text(node, path)
    return None if words is None else words.startswith(("Yes", "Accepts"))


def _identification(root: Node) -> Piece:
    return said(
        nctId=text(root, "id_info/nct_id"),
        nctIdAliases=texts(root, "id_info/nct_alias"),
        orgStudyIdInfo=said(id=text(root, "id_info/org_study_id")),
        secondaryIdInfos=[{"id": each} for each in texts(root, "id_info/secondary_id")],
        briefTitle=text(root, "brief_title"),
        officialTitle=text(root, "official_title"),
        acronym=text(root, "acronym"),
        organization=said(fullName=text(root, "source")),
    )


def _status(root: Node) -> Piece:
    return said(
        overallStatus=code(text(root, "overall_status")),
        lastKnownStatus=code(text(root, "last_known_status")),
        whyStopped=text(root, "why_stopped"),
        statusVerifiedDate=day(root, "verification_date"),
        expandedAccessInfo=said(hasExpandedAccess=flag(root, "has_expanded_access")),
        startDateStruct=dated(root, "start_date"),
        primaryCompletionDateStruct=dated(root, "primary_completion_date"),
        completionDateStruct=dated(root, "completion_date"),
        studyFirstSubmitDate=day(root, "study_first_submitted") or day(root, "firstreceived_date"),
        studyFirstPostDateStruct=dated(root, "study_first_posted"),
        lastUpdateSubmitDate=day(root, "last_update_submitted") or day(root, "lastchanged_date"),
        lastUpdatePostDateStruct=dated(root, "last_update_posted"),
        resultsFirstPostDateStruct=dated(root, "results_first_posted"),
    )


def _sponsor(root: Node) -> Piece:
    party = root.find("responsible_party")
    return said(
        leadSponsor=_agency(root.find("sponsors/lead_sponsor")),
        collaborators=[_agency(node) for node in root.iterfind("sponsors/collaborator")],
        responsibleParty={}
        if party is None
        else said(
            type=code(text(party, "responsible_party_type")),
            investigatorFullName=text(party, "investigator_full_name"),
            investigatorTitle=text(party, "investigator_title"),
            investigatorAffiliation=text(party, "investigator_affiliation"),
            oldNameTitle=text(party, "name_title"),
            oldOrganization=text(party, "organization"),
        ),
    )


def _agency(node: Node | None) -> Piece:
    return {} if node is None else said(name=text(node, "agency"), class_=code(text(node, "agency_class")))


def _oversight(root: Node) -> Piece:
    return said(
        oversightHasDmc=flag(root, "oversight_info/has_dmc"),
        isFdaRegulatedDrug=flag(root, "oversight_info/is_fda_regulated_drug"),
        isFdaRegulatedDevice=flag(root, "oversight_info/is_fda_regulated_device"),
        isUsExport=flag(root, "oversight_info/is_us_export"),
    )


def _description(root: Node) -> Piece:
    return said(
        briefSummary=text(root, "brief_summary/textblock"),
        detailedDescription=text(root, "detailed_description/textblock"),
    )


def _design(root: Node) -> Piece:
    told = {node.tag: (node.text or "").strip() for node in root.iterfind("study_design_info/*")}
    parts = _DESIGN.split(text(root, "study_design") or "")  # before 2017: "Allocation: Randomized, Masking: ..."
    older = zip(parts[1::2], parts[2::2], strict=True)
    told |= {name.lower().replace(" ", "_"): value.strip().rstrip(",") for name, value in older}
    blind, _, who = told.get("masking", "").partition("(")
    phase = (text(root, "phase") or "").replace("N/A", "NA").replace("Phase ", "PHASE").split("/")
    count = text(root, "enrollment")
    return said(
        studyType=code(text(root, "study_type")),
        phases=[code(each) for each in phase if each],
        enrollmentInfo=said(count=int(count) if count else None, type=_kind(root.find("enrollment"))),
        targetDuration=text(root, "target_duration"),
        bioSpec=said(
            retention=code(text(root, "biospec_retention")), description=text(root, "biospec_descr/textblock")
        ),
        designInfo=said(
            allocation=code(told.get("allocation")),
            interventionModel=code(told.get("intervention_model", "").removesuffix(" Assignment")),
            interventionModelDescription=told.get("intervention_model_description"),
            primaryPurpose=code(told.get("primary_purpose")),
            observationalModel=code(told.get("observational_model")),
            timePerspective=code(told.get("time_perspective")),
            maskingInfo=said(
                masking=code(blind),
                maskingDescription=told.get("masking_description"),
                whoMasked=[code(each) for each in who.rstrip(")").split(",") if each and "Label" not in each],
            ),
        ),
    )


def _kind(node: Node | None) -> str | None:
    return None if node is None else {"Anticipated": "ESTIMATED", "Actual": "ACTUAL"}.get(node.get("type", ""))


def _arms(root: Node) -> Piece:
    return said(
        armGroups=[
            said(
                label=text(node, "arm_group_label"),
                type=code(text(node, "arm_group_type")),
                description=text(node, "description"),
            )
            for node in root.iterfind("arm_group")
        ],
        interventions=[
            said(
                type=code(text(node, "intervention_type")),
                name=text(node, "intervention_name"),
                description=text(node, "description"),
                armGroupLabels=texts(node, "arm_group_label"),
                otherNames=texts(node, "other_name"),
            )
            for node in root.iterfind("intervention")
        ],
    )


def _outcomes(root: Node) -> Piece:
    ranks = ("primary", "secondary", "other")
    return said(**{f"{rank}Outcomes": _measures(root.iterfind(f"{rank}_outcome")) for rank in ranks})


def _measures(nodes: Iterable[Node]) -> list[Piece]:
    names = {"measure": "measure", "description": "description", "timeFrame": "time_frame"}
    return [said(**{name: text(node, path) for name, path in names.items()}) for node in nodes]


def _eligibility(root: Node) -> Piece:
    ages = {name: text(root, f"eligibility/{name}") for name in ("minimum_age", "maximum_age")}
    return said(
        eligibilityCriteria=text(root, "eligibility/criteria/textblock"),
        healthyVolunteers=flag(root, "eligibility/healthy_volunteers"),
        sex=(code(text(root, "eligibility/gender")) or "").replace("BOTH", "ALL"),
        genderBased=flag(root, "eligibility/gender_based"),
        genderDescription=text(root, "eligibility/gender_description"),
        minimumAge=(ages["minimum_age"] or "").replace("N/A", ""),
        maximumAge=(ages["maximum_age"] or "").replace("N/A", ""),
        studyPopulation=text(root, "eligibility/study_pop/textblock"),
        samplingMethod=code(text(root, "eligibility/sampling_method")),
    )


def _places(root: Node) -> Piece:
    contacts = [*root.iterfind("overall_contact"), *root.iterfind("overall_contact_backup")]
    officials = [
        said(name=text(node, "last_name"), affiliation=text(node, "affiliation"), role=code(text(node, "role")))
        for node in root.iterfind("overall_official")
    ]
    return said(
        centralContacts=[_contact(node) for node in contacts],
        overallOfficials=officials,
        locations=[_site(node) for node in root.iterfind("location")],
    )


def _contact(node: Node) -> Piece:
    role = _ROLES.get(text(node, "role") or "", "CONTACT")
    ways = {"phone": text(node, "phone"), "phoneExt": text(node, "phone_ext"), "email": text(node, "email")}
    return said(name=text(node, "last_name"), role=role, **ways)


def _site(node: Node) -> Piece:
    people = [each for name in ("contact", "contact_backup", "investigator") for each in node.iterfind(name)]
    address = {name: text(node, f"facility/address/{name}") for name in ("city", "state", "zip", "country")}
    return said(
        facility=text(node, "facility/name"),
        status=code(text(node, "status")),
        contacts=[_contact(each) for each in people],
        **address,
    )


def _references(root: Node) -> Piece:
    kinds = {"reference": "BACKGROUND", "results_reference": "RESULT"}
    return said(
        references=[
            said(pmid=text(node, "PMID"), type=kind, citation=text(node, "citation"))
            for name, kind in kinds.items()
            for node in root.iterfind(name)
        ],
        seeAlsoLinks=[said(label=text(node, "description"), url=text(node, "url")) for node in root.iterfind("link")],
    )


def _sharing(root: Node) -> Piece:
    return said(
        ipdSharing=code(text(root, "patient_data/sharing_ipd")),
        description=text(root, "patient_data/ipd_description"),
        infoTypes=[code(each) for each in texts(root, "patient_data/ipd_info_type")],
        timeFrame=text(root, "patient_data/ipd_time_frame"),
        accessCriteria=text(root, "patient_data/ipd_access_criteria"),
        url=text(root, "patient_data/ipd_url"),
    )


def _document(node: Node) -> Piece:
    return said(
        label=text(node, "document_type"),
        hasProtocol=flag(node, "document_has_protocol"),
        hasSap=flag(node, "document_has_sap"),
        hasIcf=flag(node, "document_has_icf"),
        date=day(node, "document_date"),
        filename=text(node, "document_url"),
    )


_MODULES: dict[str, Callable[[Node], Piece]] = {
    "identificationModule": _identification,
    "statusModule": _status,
    "sponsorCollaboratorsModule": _sponsor,
    "oversightModule": _oversight,
    "descriptionModule": _description,
    "conditionsModule": lambda root: said(conditions=texts(root, "condition"), keywords=texts(root, "keyword")),
    "designModule": _design,
    "armsInterventionsModule": _arms,
    "outcomesModule": _outcomes,
    "eligibilityModule": _eligibility,
    "contactsLocationsModule": _places,
    "referencesModule": _references,
    "ipdSharingStatementModule": _sharing,
}
