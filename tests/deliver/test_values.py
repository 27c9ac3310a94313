"""Old and new values in plain words."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.deliver.render.plain import compose
from monitor.deliver.render.values import deltas
from tests.deliver.told import change, message, of_changes

SHOWN = [
    ("status.overall", "ACTIVE_NOT_RECRUITING", "Active, not recruiting"),
    ("status.why_stopped", "FDA", "FDA"),
    ("design.phases", ["PHASE1", "PHASE2"], "Phase 1/2"),
    ("dates.start", {"date": "2026-03", "type": "ESTIMATED"}, "Mar 2026 (estimated)"),
    ("enrollment", {"count": 1, "type": "ACTUAL"}, "1 person (actual)"),
    ("enrollment", {"count": 1216, "type": None}, "1,216 people"),
    ("oversight.has_dmc", False, "no"),
    ("identification.other_ids", ["2024-05"], "2024-05"),
    ("conditions.keywords", ["a", "b", "a"], "a (2 times); b"),
    (
        "contacts.central",
        {"name": "Kim", "role": "CONTACT", "phone": "1", "email": None},
        "Kim, role: Contact, phone: 1",
    ),
    ("x", {"a": {"b": {"c": {"d": {"e": {"f": {"g": 1}}}}}}}, 'a: b: c: d: e: f: {"g": 1}'),
]


@pytest.mark.parametrize(("path", "value", "shown"), SHOWN)
def test_a_value_is_shown_in_words(path: str, value: Any, shown: str) -> None:
    (delta,) = deltas(change("other", path, value, None, "minor", "s"))
    assert (delta.old, delta.new) == (shown, None)


@pytest.mark.parametrize("nothing", [None, "", [], {}])
def test_nothing_is_shown_as_nothing(nothing: Any) -> None:
    (delta,) = deltas(change("other", "x", nothing, "a", "minor", "s"))
    assert delta.old is None


def test_zero_and_no_are_something() -> None:
    assert deltas(change("other", "x", 0, False, "minor", "s"))[0].old == "0"
    assert deltas(change("other", "x", 0, False, "minor", "s"))[0].new == "no"


@pytest.mark.parametrize(
    ("sentence", "told"),
    [("Now plans 7. It planned 40.", True), ("Now plans 107 of 40.", False), ("7.5 and 40", False), ("7, 40", True)],
)
def test_a_sentence_tells_a_number_only_as_a_word_of_its_own(sentence: str, *, told: bool) -> None:
    (delta,) = deltas(change("enrollment", "enrollment", {"count": 40}, {"count": 7}, "minor", sentence))
    facts = [each.removesuffix(" people") for each in delta.facts]
    assert facts == ["40", "7"]
    assert delta.told_by(sentence) is told


def site(status: str | None, **rest: Any) -> dict[str, Any]:
    return {"facility": "Clinic", "city": "Haifa", "country": "Israel", "status": status, "contacts": [], **rest}


def body_of(*pairs: dict[str, Any], event: str = "sites.status") -> str:
    detail = {"event": event, "sites": pairs}
    told = change("locations", "locations.sites", ["."], ["."], "minor", "Sites changed. " * 20, detail=detail)
    return " ".join(compose(message(of_changes(told))).body.split())


def test_a_site_that_moved_in_status_names_its_place_once() -> None:
    body = body_of({"before": site("RECRUITING"), "after": site(None)}, {"before": None, "after": site("COMPLETED")})
    assert "Clinic, Haifa, Israel: was Recruiting, now –" in body
    assert "+ Clinic, Haifa, Israel: Completed" in body


def test_contacts_of_a_site_are_told_where_they_changed() -> None:
    kim, lee = [{"name": "Kim"}], [{"name": "Lee"}]
    body = body_of({"before": site("RECRUITING", contacts=kim), "after": site("RECRUITING", contacts=lee)})
    assert "was: Clinic, Haifa, Israel: Recruiting (Kim) now: Clinic, Haifa, Israel: Recruiting (Lee)" in body
    same = body_of({"before": site("RECRUITING", contacts=kim), "after": site("COMPLETED", contacts=kim)})
    assert "Kim" not in same


def test_of_a_site_spelled_anew_only_the_place_is_told() -> None:
    people = [{"name": "Kim"}]
    pair = {"before": site("RECRUITING", contacts=people), "after": site(None, facility="Klinik", contacts=people)}
    body = body_of(pair, event="sites.respelled")
    assert "was: Clinic, Haifa, Israel now: Klinik, Haifa, Israel" in body
    assert "Recruiting" not in body
    assert "Kim" not in body
