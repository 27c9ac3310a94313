"""Fields that stand for themselves: a text, a word of the registry's lists, yes or no, a number, a list of words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeAlias

from monitor.sources.ctgov import words
from tests.planted.plot import Editor, Fact, Plot, odd, reworded, texts_once

Kind: TypeAlias = Literal["text", "exact", "word", "flag", "number"]


@dataclass(frozen=True, slots=True)
class Place:
    """A field: where the registry keeps it, and where the contract has it. `needed` ones are never taken away."""

    path: str
    category: str
    module: str
    keys: tuple[str, ...]
    kind: Kind
    choices: tuple[str, ...] = ()
    needed: bool = False


def _places() -> Iterator[Place]:
    for name, key in (("brief_title", "briefTitle"), ("official_title", "officialTitle"), ("acronym", "acronym")):
        path, needed = f"identification.{name}", name == "brief_title"
        yield Place(path, "identifiers", "identificationModule", (key,), "text", needed=needed)
    for name, key in (("brief_summary", "briefSummary"), ("detailed", "detailedDescription")):
        needed = name == "brief_summary"
        yield Place(f"description.{name}", "description", "descriptionModule", (key,), "text", needed=needed)
    for name, key in (
        ("has_dmc", "oversightHasDmc"),
        ("fda_regulated_drug", "isFdaRegulatedDrug"),
        ("fda_regulated_device", "isFdaRegulatedDevice"),
        ("unapproved_device", "isUnapprovedDevice"),
        ("pediatric_postmarket_device", "isPpsd"),
        ("us_export", "isUsExport"),
        ("fdaaa801_violation", "fdaaa801Violation"),
    ):
        yield Place(f"oversight.{name}", "oversight", "oversightModule", (key,), "flag")
    yield from _design_places()
    yield from _eligibility_places()
    yield from _status_places()


def _design_places() -> Iterator[Place]:
    module, info, masking = "designModule", "designInfo", ("designInfo", "maskingInfo")
    for name, keys, choices in (
        ("study_type", ("studyType",), words.STUDY_TYPE),
        ("allocation", (info, "allocation"), words.ALLOCATION),
        ("intervention_model", (info, "interventionModel"), words.INTERVENTION_MODEL),
        ("primary_purpose", (info, "primaryPurpose"), words.PRIMARY_PURPOSE),
        ("observational_model", (info, "observationalModel"), words.OBSERVATIONAL_MODEL),
        ("time_perspective", (info, "timePerspective"), words.TIME_PERSPECTIVE),
        ("masking", (*masking, "masking"), words.MASKING),
        ("biospecimen_retention", ("bioSpec", "retention"), words.BIOSPECIMEN),
    ):
        yield Place(
            f"design.{name}", "design", module, keys, "word", tuple(sorted(choices)), needed=name == "study_type"
        )
    for name, keys in (
        ("intervention_model_description", (info, "interventionModelDescription")),
        ("masking_description", (*masking, "maskingDescription")),
        ("target_duration", ("targetDuration",)),
        ("biospecimen_description", ("bioSpec", "description")),
    ):
        yield Place(f"design.{name}", "design", module, keys, "text")
    yield Place("design.patient_registry", "design", module, ("patientRegistry",), "flag")
    yield Place("design.expanded_access_pointers", "design", module, ("nPtrsToThisExpAccNctId",), "number")


def _eligibility_places() -> Iterator[Place]:
    module = "eligibilityModule"
    ages = tuple(f"{n} {unit}" for n in range(1, 80) for unit in ("Years", "Months", "Weeks"))
    for name, key, kind, choices in (
        ("sex", "sex", "word", tuple(sorted(words.SEX))),
        ("gender_based", "genderBased", "flag", ()),
        ("gender_description", "genderDescription", "text", ()),
        ("minimum_age", "minimumAge", "word", ages),
        ("maximum_age", "maximumAge", "word", ages),
        ("healthy_volunteers", "healthyVolunteers", "flag", ()),
        ("study_population", "studyPopulation", "text", ()),
        ("sampling_method", "samplingMethod", "word", tuple(sorted(words.SAMPLING))),
    ):
        yield Place(f"eligibility.{name}", "criteria", module, (key,), kind, choices)  # type: ignore[arg-type]  # one of Kind


def _status_places() -> Iterator[Place]:
    yield Place("status.delayed_posting", "status", "statusModule", ("delayedPosting",), "flag")
    sharing = "ipdSharingStatementModule"
    for name, key in (
        ("description", "description"),
        ("time_frame", "timeFrame"),
        ("access_criteria", "accessCriteria"),
    ):
        yield Place(f"sharing.{name}", "sharing", sharing, (key,), "text")
    yield Place("sharing.plan", "sharing", sharing, ("ipdSharing",), "word", tuple(sorted(words.IPD_SHARING)))
    yield Place("sharing.url", "sharing", sharing, ("url",), "exact")


def _edit(place: Place, plot: Plot) -> list[Fact]:
    if place.module == "ipdSharingStatementModule" and not plot.module(place.module):
        return []  # a statement that comes whole is another edit
    holder = _holder(plot, place)
    before = holder.get(place.keys[-1])
    if odd(before) or before == "" or not plot.free(place.path):
        return []
    after = _another(plot, place, before)
    if after == before:
        return []
    if after is None:
        del holder[place.keys[-1]]
        if place.module == "ipdSharingStatementModule" and not plot.module(place.module):
            holder[place.keys[-1]] = before
            return []
    else:
        holder[place.keys[-1]] = after
    return [Fact(edit=place.path, category=place.category, path=place.path, before=before, after=after)]


def _holder(plot: Plot, place: Place) -> dict[str, Any]:
    holder = plot.module(place.module)
    for key in place.keys[:-1]:
        holder = holder.setdefault(key, {})
    return holder


def _another(plot: Plot, place: Place, before: Any) -> Any:
    """Another value, or None to take it away."""
    if before is not None and not place.needed and not plot.chance.randrange(6):
        return None
    match place.kind:
        case "flag":
            return plot.chance.random() < 0.5 if before is None else not before
        case "number":
            return (before or 0) + plot.chance.randrange(1, 50)
        case "word":
            return plot.some([word for word in place.choices if word != before])
        case "exact":
            return f"https://example.org/{plot.phrase(2).replace(' ', '-')}?n={plot.chance.randrange(10**6)}"
    changed = reworded(plot, before) if before and plot.chance.random() < 0.8 else None
    return changed.text if changed else plot.sentence()


def _list_edit(path: str, category: str, keys: tuple[str, ...], choices: tuple[str, ...], plot: Plot) -> list[Fact]:
    """A word more, a word less, or both in a list of words."""
    holder = plot.module(keys[0])
    for key in keys[1:-1]:
        holder = holder.setdefault(key, {})
    if keys[0] == "ipdSharingStatementModule" and not holder:
        return []
    words_now = holder.get(keys[-1], [])
    if odd(words_now) or not texts_once(words_now) or not plot.free(path):
        return []
    lost = [plot.some(words_now)] if len(words_now) > 1 and plot.chance.random() < 0.5 else []
    fresh = [word for word in choices if word not in words_now] if choices else [plot.sentence(2)]
    won = [plot.some(fresh)] if fresh and (not lost or plot.chance.random() < 0.5) else []
    if not lost and not won:
        return []
    holder[keys[-1]] = [word for word in words_now if word not in lost] + won
    return [Fact(edit=path, category=category, path=path, before=lost or None, after=won or None)]


def word_respelled(plot: Plot) -> list[Fact]:
    """A condition or keyword written in another case."""
    name = plot.some(["conditions", "keywords"])
    listed, path = plot.module("conditionsModule").get(name, []), f"conditions.{name}"
    spots = [n for n, word in enumerate(listed) if word.upper() != word and word.isascii()]
    if not spots or odd(listed) or not texts_once(listed) or not plot.free(path):
        return []
    spot = plot.some(spots)
    before, listed[spot] = listed[spot], listed[spot].upper()
    return [Fact(edit=f"{path} respelled", category="conditions", path=path, before=[before], after=[listed[spot]])]


def sharing_whole(plot: Plot) -> list[Fact]:
    """A statement on sharing where there was none, or none any more."""
    protocol = plot.study["protocolSection"]
    name = "ipdSharingStatementModule"
    had = protocol.get(name)
    if odd(had) or not plot.free(*(place.path for place in PLACES if place.module == name), "sharing.info_types"):
        return []
    names = {
        "ipdSharing": "plan",
        "description": "description",
        "infoTypes": "info_types",
        "timeFrame": "time_frame",
        "accessCriteria": "access_criteria",
        "url": "url",
    }
    if had:
        del protocol[name]
        before = {names[key]: value for key, value in had.items() if value}
        return [Fact(edit="sharing gone", category="sharing", path="sharing", before=before)]
    protocol[name] = {"ipdSharing": "YES", "description": plot.sentence(12), "infoTypes": ["SAP", "CSR"]}
    after = {names[key]: value for key, value in protocol[name].items()}
    return [Fact(edit="sharing given", category="sharing", path="sharing", after=after)]


PLACES = tuple(_places())
_LISTS: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("conditions.conditions", "conditions", ("conditionsModule", "conditions"), ()),
    ("conditions.keywords", "conditions", ("conditionsModule", "keywords"), ()),
    ("design.phases", "design", ("designModule", "phases"), tuple(sorted(words.PHASE))),
    (
        "design.who_masked",
        "design",
        ("designModule", "designInfo", "maskingInfo", "whoMasked"),
        tuple(sorted(words.WHO_MASKED)),
    ),
    ("sharing.info_types", "sharing", ("ipdSharingStatementModule", "infoTypes"), tuple(sorted(words.IPD_INFO))),
    ("identification.aliases", "identifiers", ("identificationModule", "nctIdAliases"), ()),
)


def editors() -> Iterator[tuple[str, Editor]]:
    """Each editor with the category that its edits are told in."""
    for place in PLACES:
        yield place.category, partial(_edit, place)
    make: Callable[..., list[Fact]] = _list_edit
    for path, category, keys, choices in _LISTS:
        yield category, partial(make, path, category, keys, choices)
    yield "sharing", sharing_whole
    yield "design", access_types
    yield "conditions", word_respelled


def access_types(plot: Plot) -> list[Fact]:
    """Kinds of expanded access: three marks in the registry, one list in the contract."""
    path = "design.expanded_access_types"
    marks = plot.module("designModule").setdefault("expandedAccessTypes", {})
    kind = plot.some(["individual", "intermediate", "treatment"])
    if not plot.free(path):
        return []
    marks[kind] = not marks.get(kind)
    sides = ([kind.upper()], None) if not marks[kind] else (None, [kind.upper()])
    return [Fact(edit=path, category="design", path=path, before=sides[0], after=sides[1])]
