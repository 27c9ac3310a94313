"""The one table of registry codes and the plain words for them."""

from __future__ import annotations

from collections.abc import Sequence

_STATUSES = {
    "ACTIVE_NOT_RECRUITING": "Active, not recruiting",
    "UNKNOWN": "Unknown",
    "WITHHELD": "Withheld",
}

_PHASES = {"EARLY_PHASE1": "Early phase 1", "NA": "Phase not applicable"}

_WORDS = {
    "ACTUAL": "Actual",
    "NA": "Not applicable",
    # who pays
    "FED": "US federal agency",
    "INDIV": "Individual",
    "NIH": "NIH",
    "OTHER_GOV": "Other government",
    "AMBIG": "Ambiguous",
    # design
    "NON_RANDOMIZED": "Not randomized",
    "SINGLE_GROUP": "Single group",
    "PARALLEL": "Parallel groups",
    "CROSSOVER": "Crossover",
    "FACTORIAL": "Factorial",
    "SEQUENTIAL": "Sequential groups",
    "NONE": "None (open label)",
    "SINGLE": "Single blind",
    "DOUBLE": "Double blind",
    "TRIPLE": "Triple blind",
    "QUADRUPLE": "Quadruple blind",
    "ECT": "Educational, counselling or training",
    "NON_PROBABILITY_SAMPLE": "Non-probability sample",
    "DEF": "Other",
    "SAMPLES_WITH_DNA": "Samples with DNA",
    "SAMPLES_WITHOUT_DNA": "Samples without DNA",
    # people
    "SUB_INVESTIGATOR": "Sub-investigator",
    "SPONSOR_INVESTIGATOR": "Sponsor-investigator",
    # documents and sharing
    "SAP": "Statistical analysis plan",
    "ICF": "Informed consent form",
    "CSR": "Clinical study report",
    "EUDRACT_NUMBER": "EudraCT number",
    "CTIS": "EU CT number",
    "FDA": "FDA",
    "VA": "VA",
    "CDC": "CDC",
    "AHRQ": "AHRQ",
    "SAMHSA": "SAMHSA",
}


def status_word(code: str | None) -> str:
    """ "Active, not recruiting" for ACTIVE_NOT_RECRUITING; "not stated" for None; an unknown code made readable."""
    if not code:
        return "not stated"
    return _STATUSES.get(code) or _readable(code)


def phase_words(phases: Sequence[str]) -> str:
    """ "Phase 1/2" for (PHASE1, PHASE2), whatever their order; "" for none."""
    if len(phases) == 1 and phases[0] in _PHASES:
        return _PHASES[phases[0]]
    numbers = [phase.removeprefix("PHASE") for phase in sorted(phases) if phase.startswith("PHASE")]
    odd = [_PHASES.get(phase) or _readable(phase) for phase in sorted(phases) if not phase.startswith("PHASE")]
    return ", ".join([*odd, *(["Phase " + "/".join(numbers)] if numbers else [])])


def plain_word(code: str | None) -> str:
    """Plain words for any other code: "Single group" for SINGLE_GROUP, "Some new" for the unknown SOME_NEW."""
    if not code:
        return "not stated"
    return _WORDS.get(code) or _readable(code)


def _readable(code: str) -> str:
    """Codes are upper case with underscores; anything else is text already and stays as it is."""
    if not code.isupper():
        return code
    return code.replace("_", " ").capitalize()
