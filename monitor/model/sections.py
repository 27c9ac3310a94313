"""The sections of a record, in the registry's own words.

Field names are those of the outer JSON contract. A value is None (or an empty tuple) where the source says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyDate:
    """`date` is yyyy, yyyy-MM or yyyy-MM-dd (US Eastern days); `type` ACTUAL, ESTIMATED or None."""

    date: str
    type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherId:
    """An identifier beside the registry's own: a sponsor's number, a EudraCT number, a grant."""

    id: str
    type: str | None = None
    domain: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identification:
    registry_id: str | None = None
    brief_title: str | None = None
    official_title: str | None = None
    acronym: str | None = None
    other_ids: tuple[str, ...] = ()
    other_id_details: tuple[OtherId, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpandedAccess:
    has_expanded_access: bool | None = None
    registry_id: str | None = None
    status_for_registry_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    overall: str | None = None
    why_stopped: str | None = None
    last_known: str | None = None
    delayed_posting: bool | None = None
    expanded_access: ExpandedAccess = field(default_factory=ExpandedAccess)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The first three are the trial's own; all others are bookkeeping of the record (`BOOKKEEPING_DATES`)."""

    start: StudyDate | None = None
    primary_completion: StudyDate | None = None
    completion: StudyDate | None = None
    first_posted: StudyDate | None = None
    last_update_posted: StudyDate | None = None
    results_first_posted: StudyDate | None = None
    disposition_first_posted: StudyDate | None = None
    first_submitted: StudyDate | None = None
    first_submitted_qc: StudyDate | None = None
    last_update_submitted: StudyDate | None = None
    results_first_submitted: StudyDate | None = None
    results_first_submitted_qc: StudyDate | None = None
    results_waived: bool | None = None
    disposition_first_submitted: StudyDate | None = None
    disposition_first_submitted_qc: StudyDate | None = None
    status_verified: StudyDate | None = None


TRIAL_DATES = ("start", "primary_completion", "completion")
BOOKKEEPING_DATES = tuple(f.name for f in fields(Dates) if f.name not in TRIAL_DATES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    name: str
    agency_class: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponsibleParty:
    type: str | None = None
    investigator_full_name: str | None = None
    investigator_title: str | None = None
    investigator_affiliation: str | None = None
    old_name_title: str | None = None
    old_organization: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sponsor:
    lead: str | None = None
    lead_class: str | None = None
    collaborators: tuple[str, ...] = ()
    collaborator_details: tuple[Agency, ...] = ()
    responsible_party: ResponsibleParty = field(default_factory=ResponsibleParty)
    organization: Agency | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    study_type: str | None = None
    phases: tuple[str, ...] = ()
    allocation: str | None = None
    intervention_model: str | None = None
    intervention_model_description: str | None = None
    masking: str | None = None
    masking_description: str | None = None
    who_masked: tuple[str, ...] = ()
    primary_purpose: str | None = None
    observational_model: str | None = None
    time_perspective: str | None = None
    patient_registry: bool | None = None
    target_duration: str | None = None
    biospecimen_retention: str | None = None
    biospecimen_description: str | None = None
    expanded_access_types: tuple[str, ...] = ()
    expanded_access_pointers: int | None = None  # records that name this one as their expanded access


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrollment:
    """`count` in people; None where the registry writes 99999999 (unknown) or nothing. `type` ACTUAL or ESTIMATED."""

    count: int | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    conditions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    label: str
    type: str | None = None
    description: str | None = None
    interventions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervention:
    type: str | None = None
    name: str
    description: str | None = None
    arm_labels: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arms:
    arms: tuple[Arm, ...] = ()
    interventions: tuple[Intervention, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    measure: str
    description: str | None = None
    time_frame: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    primary: tuple[Outcome, ...] = ()
    secondary: tuple[Outcome, ...] = ()
    other: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """A node of the criteria tree: an item with its sub-items, or a (cohort) heading with its items."""

    text: str
    children: tuple[Criterion, ...] = ()
    heading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """Ages as the registry writes them ("12 Years"); `raw` is the criteria text as it came."""

    sex: str | None = None
    gender_based: bool | None = None
    gender_description: str | None = None
    minimum_age: str | None = None
    maximum_age: str | None = None
    healthy_volunteers: bool | None = None
    study_population: str | None = None
    sampling_method: str | None = None
    inclusion: tuple[Criterion, ...] = ()
    exclusion: tuple[Criterion, ...] = ()
    other: tuple[Criterion, ...] = ()
    raw: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    brief_summary: str | None = None
    detailed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Oversight:
    has_dmc: bool | None = None
    fda_regulated_drug: bool | None = None
    fda_regulated_device: bool | None = None
    unapproved_device: bool | None = None
    pediatric_postmarket_device: bool | None = None
    us_export: bool | None = None
    fdaaa801_violation: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    plan: str | None = None
    description: str | None = None
    info_types: tuple[str, ...] = ()
    time_frame: str | None = None
    access_criteria: str | None = None
    url: str | None = None
