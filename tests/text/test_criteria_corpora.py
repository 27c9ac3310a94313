"""The criteria of thousands of real trials."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.diff.criteria import item_changes
from monitor.model.sections import Criterion, Eligibility
from monitor.text.clean import clean
from monitor.text.criteria import parse_criteria
from tests.portion import least, portion
from tests.text.another_cut import Disagreement, compare_cut, cuts
from tests.text.corpora import legacy_texts, markdown_texts
from tests.text.criteria_writers import as_html, as_legacy

WORD = re.compile(r"[^\W\d_]{3,}")
HEADING_WORDS = frozenset(
    """
    additional and are but criteria criterion exclusion exclusions following for general iii include includes including
    inclusion inclusions key limited main major non not other patient patients protocol specific specified study subject
    subjects the viii with
    """.split()  # noqa: SIM905 (a list of words reads best as words)
)
KNOWN = json.loads(Path(__file__).with_name("another_cut.json").read_text(encoding="utf-8"))


def every(nodes: tuple[Criterion, ...]) -> Iterator[str]:
    for node in nodes:
        yield node.text
        yield from every(node.children)


def eligibility(raw: str) -> Eligibility:
    tree = parse_criteria(raw)
    return Eligibility(inclusion=tree.inclusion, exclusion=tree.exclusion, other=tree.other, raw=raw)


def test_no_word_of_any_trials_criteria_is_lost(corpora: Path) -> None:
    lost: Counter[str] = Counter()
    seen = 0
    for _, raw in portion((*markdown_texts(corpora), *legacy_texts(corpora)), one_of=4):
        tree = parse_criteria(raw)
        kept = Counter(
            word for text in every(tree.inclusion + tree.exclusion + tree.other) for word in WORD.findall(text)
        )
        lost += Counter(word.casefold() for word in (Counter(WORD.findall(clean(raw))) - kept).elements())
        seen += 1
    assert seen > least(1000, one_of=4)
    assert set(lost) <= HEADING_WORDS


def test_every_text_says_the_same_as_markdown_as_wrapped_text_and_as_html(corpora: Path) -> None:
    told = 0
    for raw in portion(sorted({raw for _, raw in markdown_texts(corpora)}), one_of=4):
        old = eligibility(raw)
        for form in (as_html, as_legacy):
            assert [change.before or change.after for change in item_changes(old, eligibility(form(raw)))] == []
        told += 1
    assert told > least(1500, one_of=4)


def _pieces(corpora: Path) -> Iterator[Disagreement | None]:
    """That project's cut put together under plain headings: do other lines than these open a section?"""
    for trial, cut in portion(cuts(corpora), one_of=4):
        raw = f"Inclusion Criteria:\n\n{cut['inclusion']}\n\nExclusion Criteria:\n\n{cut['exclusion']}"
        yield from compare_cut(trial, {**cut, "other": ""}, raw)


def _whole_texts(corpora: Path) -> Iterator[Disagreement | None]:
    """The registry's own text of the trials of which we have it: what that project did not cut it from is left out."""
    texts = dict([*legacy_texts(corpora), *markdown_texts(corpora)])
    for trial, cut in cuts(corpora):
        if trial in texts:
            yield from compare_cut(trial, cut, texts[trial])


@pytest.mark.parametrize(
    ("name", "lines", "fewest"),
    [("its own pieces", _pieces, least(180_000, one_of=4)), ("the whole text", _whole_texts, 3500)],
)
def test_items_stand_where_another_projects_cut_has_them_but_for_known_reasons(
    corpora: Path, name: str, lines: Callable[[Path], Iterator[Disagreement | None]], fewest: int
) -> None:
    """another_cut.json lists the reasons with examples, and how large a share of the lines each may explain."""
    compared = list(lines(corpora))
    differing = [each for each in compared if each]
    reasons = Counter(each.reason for each in differing)
    assert len(compared) > fewest
    assert [each for each in differing if each.reason not in KNOWN] == []
    shares = {reason: 100 * count / len(compared) for reason, count in reasons.items()}
    assert {reason: share for reason, share in shares.items() if share > KNOWN[reason]["at_most_percent"][name]} == {}
    assert shares.get("under a heading of its own", 0) < 1
