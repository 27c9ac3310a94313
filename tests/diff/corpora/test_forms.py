"""A trial whose texts come in another form (HTML, wrapped plain text) than they did is the same trial."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

import pytest

from monitor.diff.compare import compare
from monitor.model.change import Change
from monitor.model.json import Json
from tests.diff.conftest import study_record
from tests.diff.corpora.forms import Form, as_html, as_plain, in_form
from tests.diff.corpora.reading import lines_of

MARK = re.compile(r"[-+*•]|\(?\b\d{1,3}[.)]")
EVERY = 3  # the third trial of the corpus is taken
MOST = 10  # of 315 trials with a line that begins, in mid-sentence, with what looks like the mark of a list


def only_a_mark(change: Change) -> bool:
    """True if the texts differ in a dash, a plus or a number that stands where a list could have its mark.

    Where a wrapped line begins with one, nobody can tell: "4 weeks / - 6 months". And HTML numbers lists by itself.
    """
    return words(change.before) == words(change.after)


def words(value: Json) -> list[str]:
    texts = value if isinstance(value, list) else [value]
    return re.findall(r"\w+", MARK.sub(" ", " ".join(str(text) for text in texts)))


@pytest.mark.parametrize("form", [as_html, as_plain])
def test_texts_in_another_form_are_no_change(corpora: Path, form: Form) -> None:
    unsure = 0
    for line in islice(lines_of(corpora / "v2_studies.jsonl.gz"), 0, None, EVERY):
        changes = compare(study_record(line["study"]), study_record(in_form(line["study"], form)))
        assert [change for change in changes if not only_a_mark(change)] == []
        unsure += bool(changes)
    assert unsure <= MOST


def test_the_other_forms_are_what_they_are_called() -> None:
    text = "Aims:\n\n* age \\> 18\n   1. deep\n* two\n\nDone."
    assert as_html(text) == "<p>Aims:</p><ul><li>age &gt; 18</li><ol><li>deep</li></ol><li>two</li></ul><p>Done.</p>"
    assert [line.strip() for line in as_plain(text).split("\r\n") if line.strip()] == [
        "Aims:",
        "- age > 18",
        "1. deep",
        "- two",
        "Done.",
    ]
