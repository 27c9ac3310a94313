"""In a channel that many read no person is named, reached or recognised, whatever the form of the message."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.deliver.masking import masked
from monitor.deliver.render import slack
from monitor.diff.compare import compare
from monitor.model.change import Change
from monitor.model.message import (
    ChangeMessage,
    Message,
    Named,
    NoticeItem,
    NoticeMessage,
    PlainMessage,
    TrialEventMessage,
    WelcomeMessage,
)
from monitor.model.record import TrialRecord
from monitor.text.canonical import section_bytes
from monitor.text.entries import entries
from monitor.text.offices import is_line, names_nobody
from tests.deliver.forms import forms
from tests.deliver.told import (
    CONTACT,
    ENROLLMENT,
    EVERY,
    GONE,
    NOTICE,
    PLAIN,
    SUSPENDED,
    WELCOME,
    change,
    digest,
    of_changes,
)
from tests.deliver.told import message as letter
from tests.diff.conftest import recorded_pairs, study_record
from tests.privacy.canaries import CANARIES, EMAIL, NAME, OTHER_EMAIL, OTHER_NAME, OTHER_PHONE, PHONE, with_canary

PAIRS = tuple(recorded_pairs())
HELD = "Name and phone are held back in this channel."
ALL_OF_THEM = (*CANARIES, "Kingfisher", "Waldo", "555-0199", "waldo.k")


def named_in(*records: TrialRecord) -> Named:
    """Whom the records name, as the pipeline reads it from stored sections."""
    documents = [orjson.loads(each) for record in records for each in section_bytes(record).values()]
    return Named(persons=tuple(dict(each) for document in documents for each in entries(document)))


def leaks(message: Message, words: Sequence[str]) -> set[tuple[str, str]]:
    """By form: which of the words can be read in it. Entities and the breaks of lines hide nothing."""
    found = set()
    for name, text in forms(masked(message)):
        flat = " ".join(text.replace("&nbsp;", " ").replace("\u200d", "").split()).casefold()
        found |= {(name, word) for word in words if word.casefold() in flat}
    return found


def of_pair(before: Any, after: Any) -> Message:
    old, new = study_record(before), study_record(after)
    content = of_changes(*compare(old, new), title=new.identification.brief_title or "", sponsor=new.sponsor.lead)
    return letter(content, named=named_in(old, new))


def without(study: Any, *modules: str) -> Any:
    copy = deepcopy(study)
    for module in modules:
        copy["protocolSection"]["contactsLocationsModule"].pop(module, None)
    return copy


def edits(study: Any) -> Iterator[tuple[Any, Any]]:
    """She and he come, go, get another phone, and stand in texts that change."""
    bare = without(study, "centralContacts", "overallOfficials")
    hers = with_canary(study)
    yield from ((bare, hers), (hers, bare), (hers, with_canary(study, phone="+1 713-555-0000")))
    yield hers, with_canary(study, title=f"A study of Dr. Canarybird and {NAME}, {EMAIL}")
    swapped = json.loads(json.dumps(hers).replace(NAME, "Waldo Kingfisher MD").replace(EMAIL, OTHER_EMAIL))
    yield hers, swapped
    worded = deepcopy(hers)
    module = worded["protocolSection"]["eligibilityModule"]
    module["eligibilityCriteria"] = (
        f"Inclusion Criteria:\n\n* Ask {NAME} at {PHONE}, ext. 4711\n* Zerlina CANARYBIRD must say yes\n"
        f"* Ages as said by Prof. Canarybird, or {OTHER_NAME} ({OTHER_PHONE}; {OTHER_EMAIL})\n"
    )
    yield hers, worded
    other = deepcopy(worded)
    other["protocolSection"]["eligibilityModule"]["eligibilityCriteria"] = module["eligibilityCriteria"].replace(
        "Zerlina CANARYBIRD must", "Waldo Kingfisher must"
    )
    yield worded, other


PLACES = [
    pair for pair in PAIRS if pair["before"]["protocolSection"].get("contactsLocationsModule", {}).get("locations")
]


@pytest.mark.parametrize("pair", PLACES, ids=lambda pair: f"{pair['nct_id']}-{pair['from'][:13]}")
def test_no_canary_planted_in_a_real_pair_is_read_in_any_form(pair: dict[str, Any]) -> None:
    for before, after in edits(pair["before"]):
        told = of_pair(before, after)
        assert changes_in(told)
        assert leaks(told, [word for word in ALL_OF_THEM if word != "Waldo"]) == set()
    told = of_pair(with_canary(pair["before"]), with_canary(pair["after"]))
    assert leaks(told, ALL_OF_THEM) == set()


def persons(record: TrialRecord) -> Iterator[str]:
    for entry in named_in(record).persons:
        name, phone = str(entry.get("name") or ""), str(entry.get("phone") or "")
        if not names_nobody(name) and len(name.split()) > 1:
            yield name
        if not is_line(name) and len(re.findall(r"\d", phone)) > 6:
            yield phone
        if "@" in str(entry.get("email") or ""):
            yield str(entry["email"])


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair['nct_id']}-{pair['from'][:13]}")
def test_no_person_of_a_real_pair_is_read_in_any_form(pair: dict[str, Any]) -> None:
    told = of_pair(pair["before"], pair["after"])
    names = {name for side in ("before", "after") for name in persons(study_record(pair[side]))}
    assert leaks(told, sorted(names)) == set()
    for name, text in forms(masked(told)):
        assert not re.search(r"[\w.+-]+@[\w-]+\.\w", text), f"an address in {name}"


def everywhere(name: str, phone: str, email: str) -> list[Message]:
    """Messages of every kind with the person in every text."""
    said = f"{name} ({phone}, {email})"
    entry: dict[str, Any] = {"name": name, "role": "CONTACT", "phone": phone, "phone_ext": None, "email": email}
    site = {"facility": f"Clinic, ask {name}", "city": "Haifa", "country": "Israel", "status": "RECRUITING"}
    moved = {**site, "contacts": [entry]}
    told = [
        change("contacts", "contacts.central", None, entry, "minor", f"New contact listed: {said}.", strong=(name,)),
        change("contacts", "contacts.central", entry, {**entry, "phone": "1"}, "minor", f"The contact {said} changed."),
        change("locations", "locations.sites", None, ["..."], "minor", f"Opened: Clinic, ask {name}.",
               detail={"event": "sites.contact", "sites": [{"before": {**site, "contacts": []}, "after": moved}]}),
        change("sponsor", "sponsor.responsible_party.investigator_full_name", name, None, "minor", f"{name} left."),
        change("other", "other.newModule", {"lead": {"name": name, "role": "x", "email": email}}, said, "minor", said),
        change("criteria", "eligibility.inclusion", f"Ask {said}", "Ask", "major", f"No longer: ask {said}.",
               detail={"pieces": [["=", "Ask "], ["-", said]], "reason": said}),
    ]  # fmt: skip
    named = Named(persons=(entry,))
    content = of_changes(*told, title=f"A study of {said}", label=said, sponsor=said, single_site_city=said)
    lines = PlainMessage(title=said, lines=(said, f"was: {json.dumps(entry, ensure_ascii=False)}", f"x: {said}"))
    event = TrialEventMessage(header=content.header, sentences=(said,), origin=content.origin)
    notice = NoticeMessage(items=(NoticeItem(what=said, trust=said, todo=said),))
    several = [letter(each, named=named) for each in (content, lines, event, notice)]
    welcome = letter(WelcomeMessage(trials=(content.header,)), "welcome", named=named)
    return [*several, welcome, digest(*several, welcome)]


def changes_in(message: Message) -> tuple[Change, ...]:
    assert isinstance(message.content, ChangeMessage)
    return message.content.changes


def held(told: Change, **rest: Any) -> Change:
    """The change as it is told where persons are held back."""
    [shown] = changes_in(masked(letter(of_changes(told), **rest)))
    return shown


WORDS = st.text(alphabet=st.sampled_from("abcdefgqxzäøßéñłž王小明"), min_size=5, max_size=10).map(str.capitalize)
NAMES = st.lists(WORDS, min_size=2, max_size=6).map(" ".join)
DIGITS = st.integers(2_000_000_000, 9_999_999_999).map(lambda n: f"+1 {n // 10**7}-{n // 10**4 % 1000}-{n % 10**4:04}")
EMAILS = st.tuples(WORDS, WORDS).map(lambda pair: f"{pair[0]}.{pair[1]}@hospital.example")


@settings(max_examples=60, deadline=None)
@given(NAMES, DIGITS, EMAILS)
def test_nobody_is_named_in_any_form_of_any_message(name: str, phone: str, email: str) -> None:
    for told in everywhere(name, phone, email):
        assert leaks(told, (name, phone, email)) == set()


@settings(max_examples=25, deadline=None)
@given(NAMES, DIGITS, EMAILS)
def test_masking_twice_is_once_and_leaves_nobody_behind(name: str, phone: str, email: str) -> None:
    for told in everywhere(name, phone, email):
        once = masked(told)
        assert masked(once) == once
        assert not {name, phone, email} & set(re.findall(r"\S+", repr(once)))
        assert once.named == Named()


@pytest.mark.parametrize("told", [ENROLLMENT])
def test_what_names_nobody_is_told_as_everywhere(told: Change) -> None:
    content = of_changes(told)
    assert masked(letter(content)).content == content
    for each in (GONE, NOTICE, WELCOME, PLAIN):
        assert masked(each) == each


def test_the_contact_that_went_is_told_without_a_name() -> None:
    body = slack.compose(masked(SUSPENDED)).body
    assert f"● The contact is no longer listed. {HELD}\n" in body
    event = replace(CONTACT, detail={"event": "contacts.withdrawn"})
    told = held(event)
    assert told.sentence.endswith(f"Contacts are usually withdrawn when a trial stops recruiting. {HELD}")


def test_an_entry_keeps_its_shape_and_a_change_of_what_is_held_back_is_seen() -> None:
    entry = {"name": NAME, "role": "CONTACT", "phone": PHONE, "phone_ext": "4711", "email": EMAIL}
    moved = change("contacts", "contacts.central", entry, {**entry, "phone": OTHER_PHONE}, "minor", "x",
                   detail={"event": "contacts.details", "fields": ["phone", "phone_ext"]})  # fmt: skip
    told = held(moved)
    bare = {"role": "CONTACT", "phone": None, "phone_ext": None, "email": None}
    assert told.before == {"name": "held back", **bare}
    assert told.after == {"name": "held back, now another", **bare}
    assert told.sentence == f"What is given of the contact changed: phone number, phone extension. {HELD}"


LINES = ("Toll Free Number", "BMS Clinical Trials Contact Center", "ABBVIE CALL CENTER", "Clinical Trials Information")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Ask Dr. Canarybird.", "Ask [held back]."),
        ("Ask Prof Canarybird", "Ask [held back]"),
        ("Ask Z. Q. Canarybird", "Ask [held back]"),
        ("Ask Z.Q. CANARYBIRD today", "Ask [held back] today"),
        ("CANARYBIRD, Zerlina", "[held back]"),
        ("Zérlina Canarybírd", "[held back]"),
        ("Call 555-0142 or 001 (713) 555 0142", "Call [held back] or [held back]"),
        ("Write to a.b@x.example,c@d", "Write to [held back],[held back]"),
        ("A canarybird sings in E. coli; 5550143", "A canarybird sings in E. coli; 5550143"),
        ("MD Anderson, Dr. Anderson", "MD Anderson, Dr. Anderson"),
    ],
)
def test_a_text_is_told_without_the_person_in_it(text: str, left: str) -> None:
    named = Named(persons=({"name": NAME, "phone": PHONE, "email": EMAIL},))
    content = NoticeMessage(items=(NoticeItem(what=text, trust="", todo=""),))
    shown = masked(letter(content, named=named)).content
    assert isinstance(shown, NoticeMessage)
    assert shown.items[0].what == left


PERSONS = ("Kim Ross", "Jane Doe, Clinical Trials Office", "Noela Gori, Study Coordinator", "Dean Head Smith")


@pytest.mark.parametrize("name", LINES)
def test_the_phone_line_of_a_company_is_shown_and_its_address_is_not(name: str) -> None:
    entry = {"name": name, "role": "CONTACT", "phone": "1-888-577-8839", "email": "trialsites@company.example"}
    sentence = f"First contact listed: {name}, 1-888-577-8839, trialsites@company.example."
    listed = change("contacts", "contacts.central", None, entry, "minor", sentence, strong=(name,))
    body = slack.compose(masked(letter(of_changes(ENROLLMENT, listed)))).body
    assert f"First contact listed: *{name}*, 1-888-577-8839, [held back]." in body
    assert "company.example" not in body


@pytest.mark.parametrize("name", PERSONS)
def test_who_may_be_a_person_counts_as_one(name: str) -> None:
    assert not is_line(name)
    assert not names_nobody(name)


def test_the_sponsor_is_named_unless_it_may_be_a_person() -> None:
    entry = {"name": "Bayer", "role": "CONTACT", "phone": "713 555 0142"}
    content = of_changes(change("contacts", "contacts.central", None, entry, "minor", "x"), sponsor="Bayer")
    assert leaks(letter(content), ("Bayer",)) == set()
    shown = masked(letter(content, named=Named(companies=("Bayer AG",)))).content
    assert isinstance(shown, ChangeMessage)
    assert shown.header.sponsor == "Bayer"


def test_a_name_that_is_parted_between_kept_and_lost_words_is_held_back() -> None:
    pieces: Any = [["=", "Ask Zerlina "], ["-", "Canarybird"], ["+", "Hummingbird"], ["=", "."]]
    told = change("criteria", "eligibility.inclusion", "Ask Zerlina Canarybird.", "Ask Zerlina Hummingbird.", "minor",
                  "Reworded.", detail={"pieces": pieces})  # fmt: skip
    named = Named(persons=({"name": NAME},))
    shown = held(told, named=named)
    assert shown.detail["pieces"] == [["-", "Ask [held back]."], ["+", "Ask Zerlina Hummingbird."]]
    same = held(told)
    assert same.detail["pieces"] == pieces


@pytest.mark.parametrize("told", EVERY)
def test_every_kind_of_message_can_be_held_back(told: Message) -> None:
    assert leaks(told, ("Kim Ross", "794-1623", "GIClinicalTrials")) == set()
