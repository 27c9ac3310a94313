"""Sponsors, numbers, papers, and who gets what: what is said twice is told once, with all that went with it."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.model.change import Kind
from monitor.model.papers import Document, Documents, Reference, References
from monitor.model.people import Contact, Contacts, Locations, Site
from monitor.model.sections import Agency, Arm, Arms, Conditions, Identification, Intervention, OtherId, Sponsor
from tests.diff.conftest import Told


def test_another_lead_sponsor_takes_its_class_and_its_organization_along(told: Told) -> None:
    def led_by(name: str, kind: str) -> Sponsor:
        return Sponsor(lead=name, lead_class=kind, organization=Agency(name=name, agency_class=kind))

    (change,) = told("sponsor", led_by("Acme", "INDUSTRY"), led_by("Some University", "OTHER"))
    assert (change.path, change.before, change.after) == ("sponsor.lead", "Acme", "Some University")
    assert change.detail["class"] == {"before": "INDUSTRY", "after": "OTHER"}
    assert change.detail["organization"] == {
        "before": {"name": "Acme", "agency_class": "INDUSTRY"},
        "after": {"name": "Some University", "agency_class": "OTHER"},
    }


def test_a_class_given_to_a_collaborator_names_it(told: Told) -> None:
    old = Sponsor(collaborators=("Acme",))
    new = Sponsor(collaborators=("Acme",), collaborator_details=(Agency(name="Acme", agency_class="INDUSTRY"),))
    (change,) = told("sponsor", old, new)
    assert (change.path, change.detail["name"]) == ("sponsor.collaborator_class", "Acme")


def numbered(*details: OtherId) -> Identification:
    return Identification(other_ids=tuple(each.id for each in details), other_id_details=details)


def test_a_number_listed_twice_is_no_change_in_another_order(told: Told) -> None:
    bare, full = OtherId(id="X-1"), OtherId(id="X-1", type="OTHER", domain="Acme")
    assert told("identification", numbered(bare, full), numbered(full, bare)) == []


def test_a_number_that_goes_takes_along_what_was_said_of_it(told: Told) -> None:
    kept, gone = OtherId(id="X-1"), OtherId(id="2020-1", type="EUDRACT_NUMBER")
    (change,) = told("identification", numbered(kept, gone), numbered(kept))
    assert (change.before, change.after) == (["2020-1"], None)
    assert change.detail["details"] == [{"id": "2020-1", "type": "EUDRACT_NUMBER"}]


def cited(*references: Reference) -> References:
    return References(references=references)


OLD_CITATION = "Lee A, Kim B. A trial of nothing much in people. J Some Med. 2004;12:34-56."
NEW_CITATION = "Lee A, Kim B. A trial of nothing much in people. J Some Med. 2005;12:34-56."


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        (Reference(citation=OLD_CITATION), Reference(citation=NEW_CITATION), [Kind.CHANGED]),
        (Reference(citation=OLD_CITATION), Reference(citation=OLD_CITATION, pmid="1"), [Kind.CHANGED]),
        (Reference(citation=OLD_CITATION), Reference(citation=NEW_CITATION, pmid="1"), [Kind.CHANGED]),
        (Reference(citation=OLD_CITATION, pmid="1"), Reference(citation=NEW_CITATION, pmid="1"), [Kind.CHANGED]),
        (
            Reference(citation=OLD_CITATION, pmid="1"),
            Reference(citation=NEW_CITATION, pmid="2"),
            [Kind.REMOVED, Kind.ADDED],
        ),
    ],
)
def test_a_mended_citation_is_the_same_paper_unless_two_numbers_part_them(
    told: Told, before: Reference, after: Reference, kinds: list[Kind]
) -> None:
    assert [change.kind for change in told("references", cited(before), cited(after))] == kinds


def test_a_file_that_is_of_another_kind_now_is_the_same_document(told: Told) -> None:
    old, new = Document(filename="Prot.pdf", type="Prot"), Document(filename="Prot.pdf", type="Prot_SAP")
    (change,) = told("documents", Documents(documents=(old,)), Documents(documents=(new,)))
    assert change.kind is Kind.CHANGED


def test_an_arm_that_comes_is_told_with_what_only_the_other_list_gives_it(told: Told) -> None:
    def arms(*labels: str) -> Arms:
        treatment = Intervention(name="Drug X", arm_labels=labels)
        return Arms(arms=tuple(Arm(label=label) for label in labels), interventions=(treatment,))

    (change,) = told("arms", arms("A"), arms("A", "Placebo control"))
    assert (change.kind, change.detail["interventions"]) == (Kind.ADDED, ["Drug X"])


def test_a_treatment_that_no_list_describes_is_told_where_an_arm_comes_to_name_it(told: Told) -> None:
    old, new = Arm(label="A", interventions=("Drug: X",)), Arm(label="A", interventions=("Drug: X", "Drug: Y"))
    (change,) = told("arms", Arms(arms=(old,)), Arms(arms=(new,)))
    assert (change.before, change.after) == (None, ["Drug: Y"])


def test_an_arm_without_a_name_gets_and_loses_treatments_like_any_other(told: Told) -> None:
    """An arm came to lose its label: the treatments still tell which they were given to."""
    given = (Intervention(name="X", arm_labels=("A", "B")), Intervention(name="Y", arm_labels=("A", "B")))
    words = (
        "Participants first received a 10 mg tablet of X daily for 12 weeks, then one tablet of Y daily for 12 weeks."
    )
    named = Arm(label="B", type="EXPERIMENTAL", description=words, interventions=("Drug: X", "Drug: Y"))
    old = Arms(arms=(Arm(label="A", type="OTHER"), named), interventions=given)
    nameless = Arm(label="", type="EXPERIMENTAL", description=words, interventions=("Drug: Y",))
    new = Arms(arms=(Arm(label="A", type="OTHER"), nameless), interventions=given)
    changes = told("arms", old, new)
    assert changes
    assert all(change.sentence for change in changes)


def test_a_word_said_twice_is_a_word_said_once(told: Told) -> None:
    assert told("conditions", Conditions(keywords=("a", "b", "a")), Conditions(keywords=("b", "a"))) == []


@pytest.mark.parametrize(
    ("section", "nothing", "empty"),
    [
        ("contacts", Contacts(), Contacts(central=(Contact(),))),
        ("references", References(), References(references=(Reference(),))),
        ("locations", Locations(count=0), Locations(count=0, sites=(Site(),))),
        ("arms", Arms(), Arms(arms=(Arm(label=" "),))),
    ],
)
def test_an_entry_that_says_nothing_neither_comes_nor_goes(told: Told, section: str, nothing: Any, empty: Any) -> None:
    assert told(section, nothing, empty) == told(section, empty, nothing) == []
