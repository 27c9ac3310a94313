"""Generated records: any shape the dataclasses allow, with texts that are alike, escaped, empty or odd."""

from __future__ import annotations

import random
from dataclasses import fields, is_dataclass, replace
from typing import Any

from hypothesis import strategies as st

from monitor.model import papers, people, sections
from monitor.model.record import SECTIONS, TrialRecord
from monitor.model.sections import Criterion, StudyDate

KINDS = {name: kind for module in (papers, people, sections) for name, kind in vars(module).items()}
WORDS = (
    "age",
    "≥ 18",
    "years",
    "no",
    "prior",
    "ALT ≤ 2.5 x ULN",
    "or",
    "unless",
    "metastases",
    "São Paulo",
    "a\\>b",
    "",
)
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
dates = st.builds(
    StudyDate,
    date=st.sampled_from(["2026", "2026-03", "2026-03-15", "2025-12-01"]),
    type=st.sampled_from(["ACTUAL", "ESTIMATED", None]),
)
criteria = st.recursive(
    st.builds(Criterion, text=texts),
    lambda inner: st.builds(
        Criterion, text=texts, children=st.lists(inner, max_size=3).map(tuple), heading=st.booleans()
    ),
    max_leaves=4,
)
items = st.lists(criteria, max_size=4).map(tuple)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(0, 9), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abc"), inner, max_size=3)),
    max_leaves=6,
)
st.register_type_strategy(StudyDate, dates)
st.register_type_strategy(Criterion, criteria)


def _section(kind: type) -> st.SearchStrategy[Any]:
    """Any value of a section's dataclass; texts and JSON come from the small vocabularies above."""
    built = {each.name: _field(kind, each.name) for each in fields(kind)}
    return st.builds(kind, **built)


def _field(kind: type, name: str) -> st.SearchStrategy[Any]:
    declared = str(kind.__annotations__[name])
    if "Mapping" in declared:
        return st.dictionaries(st.sampled_from(["someModule", "other.path"]), json_values, max_size=2)
    if declared == "str":
        return texts
    if declared.startswith("str |"):
        return st.none() | texts
    if declared == "tuple[str, ...]":
        return st.lists(texts, max_size=3).map(tuple)
    if declared.startswith(("bool |", "int |")):
        return st.sampled_from([None, True, False]) if declared.startswith("bool") else st.none() | st.integers(0, 500)
    return _nested(declared)


def _nested(declared: str) -> st.SearchStrategy[Any]:
    name = declared.removeprefix("tuple[").split(",")[0].split(" |")[0].strip("]")
    kind = KINDS[name]
    one = st.from_type(kind) if kind in (StudyDate, Criterion) else _section(kind)
    if declared.startswith("tuple"):
        return st.lists(one, max_size=3).map(tuple)
    return st.none() | one if "None" in declared else one


def _sections() -> dict[str, st.SearchStrategy[Any]]:
    known = {
        each.name: str(each.type) for each in fields(TrialRecord) if each.name in SECTIONS and each.name != "other"
    }
    paths = st.sampled_from(["protocolSection.newModule.x", "y"])
    return {name: _section(KINDS[kind]) for name, kind in known.items()} | {
        "other": st.dictionaries(paths, json_values, max_size=2)
    }


def pairs() -> st.SearchStrategy[tuple[TrialRecord, TrialRecord]]:
    """Two records that say something, and not the same, in one of the sections and in the dates."""
    each = _sections()
    empty = TrialRecord(source="ctgov", registry_id="NCT01234567", url="https://clinicaltrials.gov/study/NCT01234567")

    def both(name: str) -> st.SearchStrategy[tuple[TrialRecord, TrialRecord]]:
        hidden = st.sampled_from([{}, {}, {}, {name: "loaded later"}])
        one = st.builds(replace, st.just(empty), **{name: each[name]}, unavailable=hidden)
        return st.tuples(one, one)

    return st.sampled_from(sorted(each)).flatmap(both)


def shuffled(value: Any, seed: random.Random) -> Any:
    """The same record with the items of every list, and the keys of every mapping, in another order."""
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: shuffled(getattr(value, f.name), seed) for f in fields(value)})
    if isinstance(value, tuple | list):
        mixed = [shuffled(each, seed) for each in value]
        seed.shuffle(mixed)
        return type(value)(mixed)
    if isinstance(value, dict):
        keys = list(value)
        seed.shuffle(keys)
        return {key: shuffled(value[key], seed) for key in keys}
    return value
