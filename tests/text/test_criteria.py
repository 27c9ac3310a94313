"""Eligibility text as a tree of criteria, from all the forms in which it comes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.diff.rows import flat_rows
from monitor.model.sections import Criterion, Eligibility
from monitor.text.clean import clean
from monitor.text.criteria import CriteriaTree, parse_criteria
from tests.diff.planted_criteria.rounds import recorded_texts
from tests.text.criteria_forms import FORMS, Lists
from tests.text.criteria_writers import as_html, as_legacy

ITEMS = (
    [("Age ≥ 18 years", ()), ("Adequate organ function:", ("ANC ≥ 1.5 x 10^9/L", "Platelets > 75 x 10^9/L"))],
    [("Active infection", ()), ("Known HIV, hepatitis B or C", ()), ("Pregnant or breast-feeding women", ())],
)


def leaf(text: str, *children: Criterion) -> Criterion:
    return Criterion(text=text, children=children)


def headed(text: str, *children: Criterion) -> Criterion:
    return Criterion(text=text, children=children, heading=True)


def texts(nodes: tuple[Criterion, ...]) -> list[str]:
    return [node.text for node in nodes]


def every(nodes: tuple[Criterion, ...]) -> list[str]:
    return [text for node in nodes for text in (node.text, *every(node.children))]


def tree_of(lists: Lists) -> CriteriaTree:
    inclusion, exclusion = (tuple(leaf(text, *map(leaf, children)) for text, children in items) for items in lists)
    return CriteriaTree(inclusion=inclusion, exclusion=exclusion)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_every_form_gives_the_same_tree(form: Callable[[Lists], str]) -> None:
    assert parse_criteria(form(ITEMS)) == tree_of(ITEMS)


WORDS = st.sampled_from(["adults", "with", "prior", "therapy", "ECOG", "0-2", "≥", "18", "years", "(see", "it)", "or"])
SENTENCES = st.lists(WORDS, min_size=2, max_size=25).map(lambda words: "Patients " + " ".join([*words, "therapy"]))
LISTS = st.lists(st.tuples(SENTENCES, st.lists(SENTENCES, max_size=3).map(tuple)), min_size=1, max_size=5)


@settings(deadline=None)
@given(st.tuples(LISTS, LISTS), st.sampled_from(FORMS))
def test_any_lists_come_back_from_any_form(lists: Lists, form: Callable[[Lists], str]) -> None:
    assert parse_criteria(form(lists)) == tree_of(lists)


@pytest.mark.parametrize(
    "heading",
    [
        "Inclusion Criteria:",
        "INCLUSION CRITERIA",
        "Inclusion:",
        "Inclusion",
        "Key Inclusion Criteria:",
        "Main inclusion criteria",
        "Criteria for inclusion:",
        "Inclusion criteria include:",
        "Inclusion criteria are as follows:",
        "Inclusion Criteria include, but are not limited to:",
        "**Inclusion Criteria:**",
        "* Inclusion Criteria:",
        "1. INCLUSION CRITERIA",
        "Patient inclusion criteria:",
    ],
)
def test_a_section_is_opened_by_any_of_its_headings(heading: str) -> None:
    tree = parse_criteria(
        f"{heading}\n\n* Adults\n\n{heading.replace('In', 'Ex').replace('IN', 'EX').replace('in', 'ex')}"
    )
    assert texts(tree.inclusion) == ["Adults"]
    assert tree.other == ()


@pytest.mark.parametrize(
    "item",
    [
        "Does not meet the inclusion criteria",
        "No to any of the inclusion criteria",
        "Meets all inclusion criteria of the parent study",
        "All other inclusion criteria.",
        "Patients who fulfil an exclusion criterion for MRI",
        "Inclusion in another trial within 30 days",
    ],
)
def test_an_item_that_mentions_a_section_opens_none(item: str) -> None:
    tree = parse_criteria(f"Inclusion Criteria:\n\n* Adults\n\nExclusion Criteria:\n\n* {item}\n* Last")
    assert texts(tree.exclusion) == [item, "Last"]


def test_cohort_headings_between_lists_hold_their_items() -> None:
    tree = parse_criteria(
        "Inclusion Criteria:\n\n* All\n\nCohort A:\n\n* First\n* Second\n\nPart 2\n\n* Third\n\n"
        "Exclusion Criteria for Cohort B:\n\n* Fourth"
    )
    assert tree.inclusion == (
        leaf("All"),
        headed("Cohort A", leaf("First"), leaf("Second")),
        headed("Part 2", leaf("Third")),
    )
    assert tree.exclusion == (headed("Exclusion Criteria for Cohort B", leaf("Fourth")),)


def test_a_cohort_above_both_headings_is_in_both_sections() -> None:
    one = "Inclusion Criteria:\n\n* {0}\n\nExclusion Criteria:\n\n* {1}"
    tree = parse_criteria(f"Cohort A:\n\n{one.format('a', 'b')}\n\nCohort B:\n\n{one.format('c', 'd')}")
    assert tree.inclusion == (headed("Cohort A", leaf("a")), headed("Cohort B", leaf("c")))
    assert tree.exclusion == (headed("Cohort A", leaf("b")), headed("Cohort B", leaf("d")))


def test_numbers_go_on_under_a_heading_within_the_list() -> None:
    tree = parse_criteria("Inclusion Criteria:\n\n8. Able\n9. Willing\n\n   Expansion part:\n10. Measurable\n11. Fit")
    assert tree.inclusion == (leaf("Able"), leaf("Willing"), headed("Expansion part", leaf("Measurable"), leaf("Fit")))


def test_a_long_lead_in_is_an_item_with_its_list() -> None:
    lead = "Participants who have had any of the following within the four weeks before their first dose of treatment:"
    tree = parse_criteria(f"Exclusion Criteria:\n\n* First\n\n{lead}\n\n* Surgery\n* Radiation")
    assert tree.exclusion == (leaf("First"), leaf(lead, leaf("Surgery"), leaf("Radiation")))


def test_paragraphs_are_items_and_a_paragraph_under_an_item_goes_on_with_it() -> None:
    tree = parse_criteria(
        "Inclusion Criteria:\n\nAdults of any sex.\n\n* Platelets and\n\n  hemoglobin\n\nConsent given."
    )
    assert texts(tree.inclusion) == ["Adults of any sex.", "Platelets and hemoglobin", "Consent given."]


def test_a_joint_on_a_line_of_its_own_belongs_to_the_item_above() -> None:
    tree = parse_criteria("Inclusion Criteria:\n\n1. Surgery\n\nOR\n\n2. Radiation\n\n   AND\n\n3. Consent")
    assert texts(tree.inclusion) == ["Surgery OR", "Radiation AND", "Consent"]


def test_a_letter_over_a_list_of_its_own_holds_it() -> None:
    tree = parse_criteria("Inclusion Criteria:\n\nA) Asthma\n\n1. Mild\n2. Severe\n\nB) Eczema\n\n1. Any")
    assert tree.inclusion == (leaf("Asthma", leaf("Mild"), leaf("Severe")), leaf("Eczema", leaf("Any")))


def test_a_paragraph_under_an_item_over_the_rest_of_its_list_goes_on_with_it() -> None:
    tree = parse_criteria(
        "Inclusion Criteria:\n\n1. Response to a\n\n   drug as either:\n   * Full\n   * Partial\n2. Fit"
    )
    assert tree.inclusion == (leaf("Response to a drug as either:", leaf("Full"), leaf("Partial")), leaf("Fit"))


def test_numbers_within_a_sentence_part_it_only_if_they_go_on_from_its_marker() -> None:
    enumerated = "Measurable disease by any of: 1) protein of 0.5 g; 2) chains of 10 mg; 3) bone lesions"
    for marker in ("1. ", "2. ", "* "):
        assert texts(parse_criteria(f"Inclusion Criteria:\n\n{marker}{enumerated}").inclusion) == [enumerated]
        parted = parse_criteria(f"Inclusion Criteria:\n\n{marker}Adults. 2. Consent given. 3. Diagnosis")
        assert texts(parted.inclusion) == ["Adults.", "Consent given.", "Diagnosis"]


@pytest.mark.parametrize("wrapped", ["4) at the start", "- at the start", "1.5 x ULN at the start", "3."])
def test_a_line_of_wrapped_text_that_looks_like_an_item_is_none(wrapped: str) -> None:
    line = "Patients whose heart disease was at the last visit before screening classified as 3 or"
    tree = parse_criteria(
        f"\n        Inclusion Criteria:\n\n          -  {line}\n             {wrapped}\n\n          -  Age"
    )
    assert texts(tree.inclusion) == [f"{line} {wrapped}", "Age"]


def test_comments_of_a_markup_are_no_items() -> None:
    tree = parse_criteria("Inclusion Criteria:\n\n* Adults\n\n<!-- -->\n\n* Consent")
    assert texts(tree.inclusion) == ["Adults", "Consent"]


@pytest.mark.parametrize("number", recorded_texts())
def test_a_recorded_text_says_the_same_in_all_three_forms(number: str) -> None:
    raw = recorded_texts()[number]
    trees = [parse_criteria(form) for form in (raw, as_html(raw), as_legacy(raw))]
    keys = [sorted((row.section, row.key) for row in flat_rows(_eligibility(tree))) for tree in trees]
    assert keys[0] == keys[1] == keys[2]


def _eligibility(tree: CriteriaTree) -> Eligibility:
    return Eligibility(inclusion=tree.inclusion, exclusion=tree.exclusion, other=tree.other)


def test_wrapped_lines_are_joined_and_unwrapped_lines_are_items() -> None:
    wrapped = (
        "        Inclusion Criteria:\n\n          -  Patients whose disease has come back after at least two lines of\n"
        "             therapy, one of them within\n             18. months\n"
    )
    assert texts(parse_criteria(wrapped).inclusion)[0].startswith(
        "Patients whose disease has come back after at least two"
    )
    lines = "Inclusion Criteria:\nAge over 18\nDiagnosis of asthma\nExclusion Criteria:\nPregnancy"
    tree = parse_criteria(lines)
    assert (texts(tree.inclusion), texts(tree.exclusion)) == (["Age over 18", "Diagnosis of asthma"], ["Pregnancy"])


def test_sections_and_numbers_that_run_on_in_one_paragraph_are_taken_apart() -> None:
    tree = parse_criteria(
        "Inclusion Criteria: 1. Adults of 18 years. 2. Diagnosis of asthma. 3. Consent. Exclusion Criteria: pregnancy"
    )
    assert texts(tree.inclusion) == ["Adults of 18 years.", "Diagnosis of asthma.", "Consent."]
    assert texts(tree.exclusion) == ["pregnancy"]


def test_text_without_any_heading_is_other() -> None:
    tree = parse_criteria("* Adults\n* Consent")
    assert (texts(tree.other), tree.inclusion, tree.exclusion) == (["Adults", "Consent"], (), ())


def test_text_before_the_only_heading_of_exclusion_is_inclusion() -> None:
    tree = parse_criteria("* Adults\n\nExclusion Criteria:\n\n* Pregnancy")
    assert (texts(tree.inclusion), texts(tree.exclusion), tree.other) == (["Adults"], ["Pregnancy"], ())


def test_text_before_both_headings_is_other() -> None:
    tree = parse_criteria("A study of asthma.\n\nInclusion Criteria:\n\n* Adults\n\nExclusion Criteria:\n\n* Pregnancy")
    assert texts(tree.other) == ["A study of asthma."]


def test_words_that_rule_people_out_open_the_section_where_no_heading_does() -> None:
    tree = parse_criteria("Inclusion Criteria:\n\n* Adults\n\nPatients will be excluded if:\n\n* Pregnant")
    assert tree.exclusion == (headed("Patients will be excluded if", leaf("Pregnant")),)


@pytest.mark.parametrize("raw", ["", "   \n\n ", "<p></p>", "* \n* "])
def test_nothing_gives_nothing(raw: str) -> None:
    assert parse_criteria(raw) == CriteriaTree()


@pytest.mark.parametrize(
    "item", ["E. coli infection", "H. pylori positive", "1.5 x ULN of bilirubin", "2.0 mg/dL creatinine", "-5 degrees"]
)
def test_names_and_numbers_at_the_start_of_an_item_are_no_markers(item: str) -> None:
    assert texts(parse_criteria(f"Inclusion Criteria:\n\n* First\n* {item}").inclusion)[1] == item


def test_depth_is_capped_and_nothing_is_lost_by_it() -> None:
    raw = "Inclusion Criteria:\n\n" + "\n".join(f"{'  ' * n}* item{n}" for n in range(40))
    nodes = parse_criteria(raw).inclusion
    assert sorted(every(nodes)) == sorted(f"item{n}" for n in range(40))
    deepest = 0
    while nodes:
        deepest, nodes = deepest + 1, nodes[0].children
    assert deepest <= 8


PIECES = st.sampled_from(
    [
        *("Inclusion Criteria:\n", "Exclusion:\n", "Exclusion Criteria\n\n", "Cohort A:\n\n", "* ", "- ", "1. ", "2. "),
        *("a) ", "    ", "\n", "\n\n", "alpha ", "Beta ", "gamma: ", "<ul><li>", "</li></ul>", "<p>", "<br>", "\\> "),
        *("o ", "(ii) "),
    ]
)
WORD = re.compile(r"[^\W\d_]{3,}")
HEADING_WORDS = {"inclusion", "exclusion", "criteria", "iii"}


@settings(deadline=None)
@given(st.one_of(st.text(max_size=100), st.lists(PIECES, max_size=30).map("".join)))
def test_no_word_is_lost_but_those_of_section_headings(raw: str) -> None:
    tree = parse_criteria(raw)
    kept = Counter(word for text in every(tree.inclusion + tree.exclusion + tree.other) for word in WORD.findall(text))
    lost = Counter(WORD.findall(clean(raw))) - kept
    assert {word.casefold() for word in lost} <= HEADING_WORDS
