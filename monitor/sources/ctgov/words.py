"""The words of the registry's own lists (data model of API v2). A word that is not here is kept and told once."""

from __future__ import annotations

SITE_STATUS = frozenset(
    {
        "RECRUITING",
        "NOT_YET_RECRUITING",
        "ENROLLING_BY_INVITATION",
        "ACTIVE_NOT_RECRUITING",
        "COMPLETED",
        "SUSPENDED",
        "TERMINATED",
        "WITHDRAWN",
        "AVAILABLE",
    }
)
EXPANDED_ACCESS_STATUS = frozenset(
    {"AVAILABLE", "NO_LONGER_AVAILABLE", "TEMPORARILY_NOT_AVAILABLE", "APPROVED_FOR_MARKETING"}
)
STATUS = SITE_STATUS | EXPANDED_ACCESS_STATUS | {"UNKNOWN", "WITHHELD"}

DATE_TYPE = frozenset({"ACTUAL", "ESTIMATED"})
AGENCY_CLASS = frozenset(
    {"NIH", "FED", "OTHER_GOV", "INDIV", "INDUSTRY", "NETWORK", "AMBIG", "OTHER", "UNKNOWN"},
)
RESPONSIBLE_PARTY = frozenset({"SPONSOR", "PRINCIPAL_INVESTIGATOR", "SPONSOR_INVESTIGATOR"})
FUNDING_ID = frozenset({"NIH", "FDA", "VA", "CDC", "AHRQ", "SAMHSA"})
SECONDARY_ID = FUNDING_ID | {"OTHER_GRANT", "EUDRACT_NUMBER", "CTIS", "REGISTRY", "OTHER"}

STUDY_TYPE = frozenset({"INTERVENTIONAL", "OBSERVATIONAL", "EXPANDED_ACCESS"})
PHASE = frozenset({"NA", "EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4"})
ALLOCATION = frozenset({"RANDOMIZED", "NON_RANDOMIZED", "NA"})
INTERVENTION_MODEL = frozenset({"SINGLE_GROUP", "PARALLEL", "CROSSOVER", "FACTORIAL", "SEQUENTIAL"})
PRIMARY_PURPOSE = frozenset(
    {
        "TREATMENT",
        "PREVENTION",
        "DIAGNOSTIC",
        "ECT",
        "SUPPORTIVE_CARE",
        "SCREENING",
        "HEALTH_SERVICES_RESEARCH",
        "BASIC_SCIENCE",
        "DEVICE_FEASIBILITY",
        "OTHER",
    }
)
MASKING = frozenset({"NONE", "SINGLE", "DOUBLE", "TRIPLE", "QUADRUPLE"})
WHO_MASKED = frozenset({"PARTICIPANT", "CARE_PROVIDER", "INVESTIGATOR", "OUTCOMES_ASSESSOR"})
OBSERVATIONAL_MODEL = frozenset(
    {
        "COHORT",
        "CASE_CONTROL",
        "CASE_ONLY",
        "CASE_CROSSOVER",
        "ECOLOGIC_OR_COMMUNITY",
        "FAMILY_BASED",
        "DEFINED_POPULATION",
        "NATURAL_HISTORY",
        "OTHER",
    }
)
TIME_PERSPECTIVE = frozenset({"RETROSPECTIVE", "PROSPECTIVE", "CROSS_SECTIONAL", "OTHER"})
BIOSPECIMEN = frozenset({"NONE_RETAINED", "SAMPLES_WITH_DNA", "SAMPLES_WITHOUT_DNA"})

ARM_TYPE = frozenset(
    {"EXPERIMENTAL", "ACTIVE_COMPARATOR", "PLACEBO_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION", "OTHER"}
)
INTERVENTION_TYPE = frozenset(
    {
        "BEHAVIORAL",
        "BIOLOGICAL",
        "COMBINATION_PRODUCT",
        "DEVICE",
        "DIAGNOSTIC_TEST",
        "DIETARY_SUPPLEMENT",
        "DRUG",
        "GENETIC",
        "PROCEDURE",
        "RADIATION",
        "OTHER",
    }
)
SEX = frozenset({"ALL", "FEMALE", "MALE"})
SAMPLING = frozenset({"PROBABILITY_SAMPLE", "NON_PROBABILITY_SAMPLE"})
ROLE = frozenset({"CONTACT", "PRINCIPAL_INVESTIGATOR", "SUB_INVESTIGATOR", "STUDY_CHAIR", "STUDY_DIRECTOR"})
REFERENCE_TYPE = frozenset({"BACKGROUND", "RESULT", "DERIVED"})
IPD_SHARING = frozenset({"YES", "NO", "UNDECIDED"})
IPD_INFO = frozenset({"STUDY_PROTOCOL", "SAP", "ICF", "CSR", "ANALYTIC_CODE"})

DOCUMENT_TYPE = frozenset({"Prot", "SAP", "ICF", "Prot_SAP", "Prot_ICF", "SAP_ICF", "Prot_SAP_ICF"})
DOCUMENT_LABEL = frozenset(
    {
        "Study Protocol",
        "Statistical Analysis Plan",
        "Informed Consent Form",
        "Study Protocol and Statistical Analysis Plan",
        "Study Protocol and Informed Consent Form",
        "Statistical Analysis Plan and Informed Consent Form",
        "Study Protocol, Statistical Analysis Plan, and Informed Consent Form",
    }
)

RESULTS_MODULES = (
    "participantFlowModule",
    "baselineCharacteristicsModule",
    "outcomeMeasuresModule",
    "adverseEventsModule",
    "moreInfoModule",
)
ANNOTATIONS = ("unpostedAnnotation", "violationAnnotation")
