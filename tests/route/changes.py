"""Changes and conditions as strategies: everything that the outside can be, small enough to collide."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from monitor.model.alert import Recipient
from monitor.model.change import Category, Cause, Change, Kind, Severity
from monitor.model.place import Point
from monitor.model.watch import RecordKey, Reference, Watch, WatchState
from monitor.route.conditions import (
    Condition,
    CriteriaMention,
    DateMoves,
    EnrollmentMoves,
    SitesIn,
    SitesNear,
    parse_condition,
)
from monitor.route.rules import Rule

SENTENCES = (
    "enrollment changes by at least 10 %",
    "enrollment changes by at least 50 people",
    "a date slips at least 30 days",
    "start moves at least 10 days",
    "primary completion slips at least 60 days",
    "sites in France, Germany",
    "sites within 100 km of 48.8566, 2.3522",
    "criteria mention pneumonitis, CAR-T",
)
RECIPIENTS = {
    name: tuple(Recipient(destination=name, address=f"{name}-{n}@example.org") for n in range(size))
    for name, size in (("team", 2), ("chat", 1), ("nobody", 0))
}


def change(category: Category, **fields: Any) -> Change:
    return replace(
        Change(
            category=category,
            path=f"{category.value}.x",
            kind=Kind.CHANGED,
            before=None,
            after=None,
            severity=Severity.MINOR,
            cause=Cause.SPONSOR,
            sentence="Something changed.",
        ),
        **fields,
    )


def enrollment(old: Any, new: Any, **fields: Any) -> Change:
    return change(Category.ENROLLMENT, path="enrollment", before={"count": old}, after={"count": new}, **fields)


def date(name: str, days: int | None, **fields: Any) -> Change:
    return change(Category.DATES, path=f"dates.{name}", detail={"days": days}, **fields)


def criterion(before: str | None, after: str | None, **fields: Any) -> Change:
    return change(Category.CRITERIA, path="eligibility.exclusion", before=before, after=after, **fields)


def sites(*pairs: tuple[Any, Any], **fields: Any) -> Change:
    rows = [{"before": before, "after": after} for before, after in pairs]
    return change(Category.LOCATIONS, path="locations.sites", detail={"sites": rows}, **fields)


def site(city: str | None, country: str | None, **fields: Any) -> dict[str, Any]:
    return {"facility": "Hospital", "city": city, "state": None, "zip": None, "country": country, **fields}


def watch(*, label: str | None = "CD7", tags: frozenset[str] = frozenset(), number: str = "NCT00000001") -> Watch:
    return Watch(
        id=1,
        reference=Reference(key=RecordKey(source="ctgov", source_id=number), text=number),
        tags=tags,
        label=label,
        source="both",
        every=None,
        origin="file",
        state=WatchState.ACTIVE,
        created_at=datetime(2026, 11, 20, tzinfo=UTC),
    )


_PLAIN = st.sampled_from(["fibrosis", "Pneumonitis", "car t", "CAR-T cells", "é-x", "n.o.s."])
_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-500, 500) | st.floats(allow_nan=False) | _PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["count", "type", "x"]), inner),
    max_leaves=5,
)
_SITES = st.builds(
    site, st.sampled_from(["Paris", "Bonn", None]), st.sampled_from(["France", "germany", "Spain", None])
)
_DETAILS: st.SearchStrategy[Any] = st.one_of(
    st.fixed_dictionaries({"days": st.none() | st.integers(-800, 800)}),
    st.fixed_dictionaries(
        {"sites": st.lists(st.fixed_dictionaries({"before": st.none() | _SITES, "after": st.none() | _SITES}))}
    ),
    st.fixed_dictionaries({}, optional={"days": _JSON, "sites": _JSON}),
)
_VALUES = st.fixed_dictionaries({"count": st.integers(0, 500)}) | _JSON

changes = st.builds(
    change,
    st.sampled_from(Category),
    path=st.sampled_from(["dates.start", "dates.primary_completion", "dates.completion", "other"]),
    before=_VALUES,
    after=_VALUES,
    severity=st.sampled_from(Severity),
    cause=st.sampled_from(Cause),
    detail=_DETAILS,
)

_NUMBERS = st.decimals(min_value=Decimal("0.001"), max_value=999_999, places=3).map(Decimal.normalize)
_NAMES = st.lists(st.sampled_from(["France", "Korea", "Republic of", "Côte d'Ivoire", "x y"]), min_size=1, unique=True)


def _degrees(most: int) -> st.SearchStrategy[float]:
    return st.integers(-most * 10**6, most * 10**6).map(lambda parts: parts / 10**6)


conditions: st.SearchStrategy[Condition] = st.one_of(
    st.builds(EnrollmentMoves, _NUMBERS, st.sampled_from(["%", "people"])),
    st.builds(
        DateMoves,
        st.sampled_from([None, "start", "primary_completion", "completion"]),
        st.integers(1, 9999),
        st.booleans(),
    ),
    st.builds(SitesIn, _NAMES.map(tuple)),
    st.builds(SitesNear, _NUMBERS, st.sampled_from(["km", "miles"]), st.builds(Point, _degrees(90), _degrees(180))),
    st.builds(CriteriaMention, _NAMES.map(tuple)),
)
rules = st.builds(
    Rule,
    name=st.sampled_from(["one", "two", "three"]),
    categories=st.frozensets(st.sampled_from([*Category][:9]), max_size=4),
    min_severity=st.sampled_from(Severity),
    to=st.lists(st.sampled_from([*RECIPIENTS]), min_size=1, unique=True).map(tuple),
    only=st.lists(conditions | st.sampled_from(SENTENCES).map(parse_condition), max_size=4, unique=True).map(tuple),
)
