"""The guard over the data of persons: what it finds in a text, and what it leaves alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model.privacy import Level
from monitor.text.entries import cleared, entries
from monitor.text.guard import REMOVED, Guard
from monitor.text.persons import words_of

KEY = b"k" * 32
BARE = Guard(key=KEY)
NAME, PHONE, EMAIL = "Zoë Q. O'Hara-Müller, M.D.", "+49 (0)711 555-0142", "Zoe.OHara@hospital.example"
FORGETTING = Guard.forgetting(
    KEY,
    Level.FULL,
    [*BARE.identify("name", NAME), *BARE.identify("phone", PHONE), *BARE.identify("email", EMAIL)],
)
GUARDS = [FORGETTING, *(BARE.at(level) for level in Level if level is not Level.FULL)]


@pytest.mark.parametrize(
    "text",
    [
        "Zoë O'Hara-Müller",
        "ZOE Q O'HARA MULLER",
        "O'Hara-Müller, Zoë",
        "Dr. Zoë Q. O'Hara-Müller, PhD",
        "zoe.ohara@hospital.example",
        "ZOE.OHARA@HOSPITAL.EXAMPLE.",
        "0711/555 0142",
        "49 711 5550142",
        "711-555-0142 ext. 12",
        "<b>Zoë</b>&nbsp;O&#39;Hara-Müller",
        "zoe&#46;ohara@hospital.example",
        '<a href="mailto:zoe.ohara@hospital.example">Contact</a>',
    ],
)
def test_a_person_is_found_however_a_text_spells_them(text: str) -> None:
    said = FORGETTING.text(f"Ask {text} now")
    assert REMOVED in said
    assert not any(word in said.lower() for word in ("zoe", "zoë", "hara", "0142", "müller"))


@pytest.mark.parametrize("text", ["Zoë Miller", "O'Hara", "711-555-0143", "NCT07115550142", "zoe.o@hospital.example"])
def test_others_are_left_alone(text: str) -> None:
    assert FORGETTING.text(f"Ask {text} now") == f"Ask {text} now"


def test_an_entry_goes_as_a_whole_if_its_name_or_address_does() -> None:
    entry = {"name": "Zoë O'Hara-Müller", "role": "CONTACT", "phone": "1", "phoneExt": "2", "email": "new@x.example"}
    kept: Any = cleared([entry], FORGETTING)
    assert kept == [{"name": REMOVED, "role": "CONTACT", "phone": REMOVED, "phoneExt": REMOVED, "email": REMOVED}]


@pytest.mark.parametrize("level", [Level.MASKED, Level.HASHED])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"name": "John A. Smith"}, {"name": "John B. Smith"}),
        ({"phone": "+1 713-555-0142"}, {"phone": "+44 713-555-0142"}),
        ({"phone": "713-555-0142"}, {"phone": "713-555-0143"}),
        ({"phoneExt": "12"}, {"phoneExt": "13"}),
        ({"email": "a.b@x.example"}, {"email": "a.c@x.example"}),
    ],
)
def test_another_value_has_another_form(level: Level, before: Any, after: Any) -> None:
    guard, person = BARE.at(level), {"name": "J S", "role": "CONTACT", "phone": "1", "email": "a@x.example"}
    assert cleared({**person, **before}, guard) != cleared({**person, **after}, guard)
    assert cleared({**person, **before}, guard) == cleared({**person, **before}, guard)


def test_two_stores_give_a_person_two_tags() -> None:
    person = {"name": "John Smith", "role": "CONTACT"}
    assert cleared(person, BARE.at(Level.HASHED)) != cleared(person, Guard(key=b"other", level=Level.HASHED))


def test_a_person_of_a_masked_entry_is_still_forgotten() -> None:
    masked: Any = cleared({"name": NAME, "role": "CONTACT", "email": EMAIL}, BARE.at(Level.MASKED))
    assert cleared(masked, FORGETTING) == {"name": REMOVED, "role": "CONTACT", "email": REMOVED}


texts = st.one_of(
    st.text(max_size=30), st.sampled_from([NAME, PHONE, EMAIL, "~abcdefgh", "--abcdefgh@x.example", REMOVED])
)
people = st.fixed_dictionaries(
    {"name": texts}, optional={"role": texts, "phone": texts, "email": texts, "phoneExt": texts}
)
documents = st.recursive(
    st.one_of(texts, people, st.integers()), lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=8
)


@pytest.mark.parametrize("guard", GUARDS)
@settings(max_examples=30, deadline=None)
@given(document=documents)
def test_clearing_twice_is_once(guard: Guard, document: Any) -> None:
    once = cleared(document, guard)
    assert cleared(once, guard) == once


@settings(max_examples=30, deadline=None)
@given(document=documents)
def test_whoever_is_dropped_is_in_no_entry_any_more(document: Any) -> None:
    left = cleared(document, BARE.at(Level.DROPPED))
    for entry in entries(left):
        assert all(not entry.get(key) or str(entry[key]) == REMOVED for key in ("phone", "email"))


@pytest.mark.parametrize("text", ["a" * 200_000, "1 " * 10_000, "a@" * 100_000, "J. " * 50_000 + "~", "~" * 100_000])
def test_a_hostile_text_takes_no_longer_than_its_length(text: str) -> None:
    for guard in GUARDS:
        guard.text(text)


def test_a_document_nested_too_deeply_is_not_kept() -> None:
    document: Any = NAME
    for _ in range(1000):
        document = [document]
    assert "Hara" not in str(cleared(document, FORGETTING))


def test_a_name_without_words_is_nobody() -> None:
    assert words_of("...") == ("...",)
    assert BARE.identify("phone", "12345") == ()
