"""Words of the page and the registry's codes for them, in lower case and without punctuation."""

from __future__ import annotations

from collections.abc import Mapping

STATUS = {
    "enrolling": "RECRUITING",
    "recruiting": "RECRUITING",
    "now enrolling": "RECRUITING",
    "not yet enrolling": "NOT_YET_RECRUITING",
    "not yet recruiting": "NOT_YET_RECRUITING",
    "active not enrolling": "ACTIVE_NOT_RECRUITING",
    "active not recruiting": "ACTIVE_NOT_RECRUITING",
    "enrolling by invitation": "ENROLLING_BY_INVITATION",
    "enrolling by invitation only": "ENROLLING_BY_INVITATION",
    "invitation only": "ENROLLING_BY_INVITATION",
    "by invitation": "ENROLLING_BY_INVITATION",
    "completed": "COMPLETED",
    "suspended": "SUSPENDED",
    "temporarily suspended": "SUSPENDED",
    "terminated": "TERMINATED",
    "withdrawn": "WITHDRAWN",
    "unknown": "UNKNOWN",
    "unknown status": "UNKNOWN",
    "available": "AVAILABLE",
    "no longer available": "NO_LONGER_AVAILABLE",
    "temporarily not available": "TEMPORARILY_NOT_AVAILABLE",
    "approved for marketing": "APPROVED_FOR_MARKETING",
    "withheld": "WITHHELD",
}
_SEX = {
    **dict.fromkeys(("all", "both", "all sexes", "male and female", "female and male"), "ALL"),
    **dict.fromkeys(("female", "females", "women", "female only"), "FEMALE"),
    **dict.fromkeys(("male", "males", "men", "male only"), "MALE"),
}
_STUDY_TYPE = {
    "interventional": "INTERVENTIONAL",
    "observational": "OBSERVATIONAL",
    "observational patient registry": "OBSERVATIONAL",
    "patient registry": "OBSERVATIONAL",
    "expanded access": "EXPANDED_ACCESS",
}
_ALLOCATION = {
    **dict.fromkeys(("n a", "na", "not applicable"), "NA"),
    **dict.fromkeys(("randomized", "randomised"), "RANDOMIZED"),
    **dict.fromkeys(("non randomized", "non randomised", "nonrandomized", "not randomized"), "NON_RANDOMIZED"),
}
_MODEL = {
    **dict.fromkeys(("single group", "single group assignment"), "SINGLE_GROUP"),
    **dict.fromkeys(("parallel", "parallel assignment"), "PARALLEL"),
    **dict.fromkeys(("crossover", "crossover assignment", "cross over assignment"), "CROSSOVER"),
    **dict.fromkeys(("factorial", "factorial assignment"), "FACTORIAL"),
    **dict.fromkeys(("sequential", "sequential assignment"), "SEQUENTIAL"),
}
_PURPOSE = {
    "treatment": "TREATMENT",
    "prevention": "PREVENTION",
    "diagnostic": "DIAGNOSTIC",
    "ect": "ECT",
    "educational counseling training": "ECT",
    "supportive care": "SUPPORTIVE_CARE",
    "screening": "SCREENING",
    "health services research": "HEALTH_SERVICES_RESEARCH",
    "basic science": "BASIC_SCIENCE",
    "device feasibility": "DEVICE_FEASIBILITY",
    "other": "OTHER",
}
_OBSERVATIONAL = {
    "cohort": "COHORT",
    "case control": "CASE_CONTROL",
    "case only": "CASE_ONLY",
    "case crossover": "CASE_CROSSOVER",
    "ecologic or community": "ECOLOGIC_OR_COMMUNITY",
    "family based": "FAMILY_BASED",
    "defined population": "DEFINED_POPULATION",
    "natural history": "NATURAL_HISTORY",
    "other": "OTHER",
}
_PERSPECTIVE = {
    "retrospective": "RETROSPECTIVE",
    "prospective": "PROSPECTIVE",
    "cross sectional": "CROSS_SECTIONAL",
    "other": "OTHER",
}
_FUNDER = {
    "industry": "INDUSTRY",
    "nih": "NIH",
    "u s fed": "FED",
    "u s federal agency": "FED",
    "other u s federal agency": "FED",
    "fed": "FED",
    "federal": "FED",
    "other": "OTHER",
    "other government": "OTHER_GOV",
    "other gov": "OTHER_GOV",
    "network": "NETWORK",
    "individual": "INDIV",
    "indiv": "INDIV",
    "ambiguous": "AMBIG",
    "unknown": "UNKNOWN",
}
CODES: Mapping[str, Mapping[str, str]] = {
    "status.overall": STATUS,
    "locations.sites.status": STATUS,
    "eligibility.sex": _SEX,
    "design.study_type": _STUDY_TYPE,
    "design.allocation": _ALLOCATION,
    "design.intervention_model": _MODEL,
    "design.primary_purpose": _PURPOSE,
    "design.observational_model": _OBSERVATIONAL,
    "design.time_perspective": _PERSPECTIVE,
    "sponsor.lead_class": _FUNDER,
}
MASKING = {
    **dict.fromkeys(("none", "open label", "no masking"), "NONE"),
    **dict.fromkeys(("single", "single blind"), "SINGLE"),
    **dict.fromkeys(("double", "double blind"), "DOUBLE"),
    **dict.fromkeys(("triple", "triple blind"), "TRIPLE"),
    **dict.fromkeys(("quadruple", "quadruple blind"), "QUADRUPLE"),
}
