"""Keys and words of the posted results that the registry's data model does not have, for the operator.

Results are kept and compared whole, whatever they hold; nothing here changes a record but the list of what is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from monitor.model.json import Json

_KEYS = frozenset(
    """
    achievements adverseEventsModule allCauseMortalityComment analyses anticipatedPostingDate assessmentType
    baselineCharacteristicsModule calculatePct categories certainAgreement ciLowerLimit ciLowerLimitComment
    ciNumSides ciPctValue ciUpperLimit ciUpperLimitComment classes comment counts creationDate date dateUnknown
    deathsNumAffected deathsNumAtRisk denomUnitsSelected denoms description dispersionType dispersionValue
    dropWithdraws email estimateComment eventGroups frequencyThreshold groupDescription groupId groupIds groups id
    issuedDate limitationsAndCaveats lowerLimit measurements measures milestones moreInfoModule nonInferiorityComment
    nonInferiorityType notes numAffected numAtRisk numEvents numSubjects numUnits organSystem organization
    otherAnalysisDescription otherDetails otherEvents otherNumAffected otherNumAtRisk outcomeMeasures
    outcomeMeasuresModule pValue pValueComment paramType paramValue participantFlowModule periods phone phoneExt
    piSponsorEmployee pointOfContact populationDescription postedDate preAssignmentDetails reasons
    recruitmentDetails releaseDate reportingStatus restrictionType restrictiveAgreement seriousEvents
    seriousNumAffected seriousNumAtRisk sourceVocabulary spread statisticalComment statisticalMethod stats term
    testedNonInferiority timeFrame title type typeUnitsAnalyzed unitOfMeasure units unpostedAnnotation
    unpostedEvents unpostedResponsibleParty upperLimit value violationAnnotation violationEvents
    """.split()  # noqa: SIM905 (a list of words reads best as words)
)
_PARAMETER = frozenset(
    {
        "COUNT_OF_PARTICIPANTS",
        "COUNT_OF_UNITS",
        "GEOMETRIC_LEAST_SQUARES_MEAN",
        "GEOMETRIC_MEAN",
        "LEAST_SQUARES_MEAN",
        "LOG_MEAN",
        "MEAN",
        "MEDIAN",
        "NUMBER",
    }
)
_WORDS: Mapping[str, frozenset[str]] = {
    "outcomeMeasures[].type": frozenset({"PRIMARY", "SECONDARY", "OTHER_PRE_SPECIFIED", "POST_HOC"}),
    "outcomeMeasures[].reportingStatus": frozenset({"POSTED", "NOT_POSTED"}),
    "outcomeMeasures[].paramType": _PARAMETER,
    "measures[].paramType": _PARAMETER,
    "analyses[].ciNumSides": frozenset({"ONE_SIDED", "TWO_SIDED"}),
    "otherEvents[].assessmentType": frozenset({"SYSTEMATIC_ASSESSMENT", "NON_SYSTEMATIC_ASSESSMENT"}),
    "seriousEvents[].assessmentType": frozenset({"SYSTEMATIC_ASSESSMENT", "NON_SYSTEMATIC_ASSESSMENT"}),
    "certainAgreement.restrictionType": frozenset({"LTE60", "GT60", "OTHER"}),
    "unpostedEvents[].type": frozenset({"RESET", "RELEASE", "UNRELEASE"}),
}


def unknown_in(section: str, modules: Mapping[str, Json]) -> Iterator[str]:
    """Each key ("key resultsSection.moreInfoModule.mood") and word that is not known, as often as it is met."""
    waiting: list[tuple[str, Json]] = [(section, modules)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, list):
            waiting += ((f"{place}[]", each) for each in value if isinstance(each, Mapping | list))
        elif isinstance(value, Mapping):
            for key, inner in value.items():
                if key not in _KEYS:
                    yield f"key {place}.{key}"
                elif isinstance(inner, Mapping | list):
                    waiting.append((f"{place}.{key}", inner))
                elif isinstance(inner, str) and inner not in _WORDS.get(f"{place.rpartition('.')[2]}.{key}", (inner,)):
                    yield f"{place}.{key}: {inner}"
