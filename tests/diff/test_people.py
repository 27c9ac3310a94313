"""Whom to ask: the same person, a new line, another name for it, another person."""

from __future__ import annotations

import pytest

from monitor.diff.compare import compare
from monitor.diff.names import names_alike, one_person
from monitor.model.change import Category
from monitor.model.people import Contact, Contacts, Official
from monitor.model.sections import Status
from tests.diff.conftest import Make, Told


def contact(
    name: str | None = "Ann Lee", phone: str | None = "555-1111", email: str | None = "ann@example.org"
) -> Contact:
    return Contact(name=name, role="CONTACT", phone=phone, email=email)


def official(
    name: str = "Clara Doe", affiliation: str = "Clinic", role: str | None = "PRINCIPAL_INVESTIGATOR"
) -> Official:
    return Official(name=name, affiliation=affiliation, role=role)


ANN, ZOE = contact(), contact("Zoe Quist", "777", "zoe@example.org")


@pytest.mark.parametrize(
    ("now", "step", "sentence"),
    [
        (contact(phone="555-2222"), "phone", "The contact Ann Lee has a new phone number: 555-2222 (was 555-1111)."),
        (contact(email="lee@example.org"), "email",
         "The contact Ann Lee has a new e-mail address: lee@example.org (was ann@example.org)."),
        (contact(phone="1", email="b@c.org"), "phone",
         "The contact Ann Lee has a new phone number and e-mail address: 1, b@c.org (was 555-1111, ann@example.org)."),
        (contact("Anne Lee"), "respelled", "The contact Ann Lee is now spelled Anne Lee."),
        (contact("Lee, Ann, M.D."), "respelled", "The contact Ann Lee is now spelled Lee, Ann, M.D."),
        (contact("Anm Lee"), "respelled", "The contact Ann Lee is now spelled Anm Lee."),
        (contact("Bo Hill"), "renamed", "Contact renamed: now Bo Hill, was Ann Lee. Same phone and e-mail."),
        (contact("Bo Hill", "555-3333", "bo@example.org"), "replaced",
         "The contact is now Bo Hill, 555-3333, bo@example.org. It was Ann Lee."),
        (contact("Bo Hill", email="bo@example.org"), "replaced",
         "The contact is now Bo Hill, 555-1111, bo@example.org. It was Ann Lee."),
    ],
)  # fmt: skip
def test_what_became_of_a_contact_is_told(told: Told, now: Contact, step: str, sentence: str) -> None:
    (change,) = told("contacts", Contacts(central=(ANN,)), Contacts(central=(now,)))
    assert (change.detail["step"], change.sentence) == (step, sentence)


def test_several_contacts_are_told_apart_by_who_they_are(told: Told) -> None:
    before = Contacts(central=(ANN, ZOE, contact("Kay Roe", "3", None)))
    after = Contacts(
        central=(contact("Kay Roe", "3", None), contact("Zoé Quist", "777", "zoe@example.org"), contact(phone="9"))
    )
    changes = told("contacts", before, after)
    assert [change.detail["step"] for change in changes] == ["phone", "respelled"]


def test_one_of_two_contacts_is_replaced_by_name(told: Told) -> None:
    (change,) = told("contacts", Contacts(central=(ANN, ZOE)), Contacts(central=(ZOE, contact("Bo Hill", "1", None))))
    assert change.sentence == "Bo Hill, 1, is now a contact in place of Ann Lee."


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (
            "COMPLETED",
            "The contact Ann Lee is no longer listed. Contacts are usually withdrawn when a trial stops recruiting.",
        ),
        ("RECRUITING", "The contact Ann Lee is no longer listed."),
    ],
)
def test_contacts_withdrawn_at_the_end_of_recruiting_say_so_once(make: Make, status: str, said: str) -> None:
    before = make(status=Status(overall="RECRUITING"), contacts=Contacts(central=(ANN, ZOE)))
    changes = compare(before, make(status=Status(overall=status), posted="2026-02-02"))
    gone = [change.sentence for change in changes if change.category is Category.CONTACTS]
    assert gone == [said, "The contact Zoe Quist is no longer listed."]


@pytest.mark.parametrize(
    ("now", "step", "sentence"),
    [
        (official(affiliation="Hospital"), "affiliation",
         "The principal investigator Clara Doe is now at Hospital. It was Clinic."),
        (official("C. Doe, MD"), "respelled", "The principal investigator Clara Doe is now spelled C. Doe, MD."),
        (official(role="STUDY_CHAIR"), "role", "Clara Doe is now named as study chair (was principal investigator)."),
        (official("Eve Fox"), "replaced", "The principal investigator is now Eve Fox, Clinic. It was Clara Doe."),
    ],
)  # fmt: skip
def test_what_became_of_an_official_is_told(told: Told, now: Official, step: str, sentence: str) -> None:
    (change,) = told("contacts", Contacts(officials=(official(),)), Contacts(officials=(now,)))
    assert (change.detail["step"], change.sentence) == (step, sentence)


def test_an_official_of_another_role_takes_nobodys_place(told: Told) -> None:
    changes = told(
        "contacts",
        Contacts(officials=(official(),)),
        Contacts(officials=(official("Eve Fox", role="STUDY_CHAIR"),)),
    )
    assert [change.detail["step"] for change in changes] == ["gone", "given"]


@pytest.mark.parametrize(
    ("one", "other", "same", "alike"),
    [
        ("Ann Lee", "Lee, Ann, MD PhD", True, True),
        ("Frédéric Dupont", "FrÃ©dÃ©ric Dupont", True, True),
        ("A. Lee", "Ann Lee", False, True),
        ("Ann Lee", "Ann Lee-Jones", False, True),
        ("John Smith", "Joan Smith", False, False),
        ("Ann Lee", "Ann Ray", False, False),
        ("Ann", "Ann Lee", False, False),
        ("", "Ann Lee", False, False),
        ("MD", "PhD", False, False),
    ],
)
def test_names_tell_who_is_who(one: str, other: str, *, same: bool, alike: bool) -> None:
    assert (one_person(one, other), names_alike(one, other)) == (same, alike)
    assert (one_person(other, one), names_alike(other, one)) == (same, alike)
