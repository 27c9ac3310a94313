"""Templates of the configuration: what is taken, and what is a fault with its place and a remedy."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.wording import OwnWords
from monitor.settings.template import quoted
from monitor.settings.wording import GAPS
from monitor.text.templates import BadTemplate, parse_template
from tests.settings.written import faults, read

NAMES = GAPS["subject"]


@pytest.mark.parametrize(
    ("key", "text", "problem"),
    [
        ("subject", "{numbr}: {state}", '"{numbr}" is no placeholder. Did you mean "number"?'),
        ("subject", "{}", '"{}" is no placeholder.'),
        ("subject", "{0}", '"{0}" is no placeholder.'),
        ("subject", "{destination}", '"{destination}" is no placeholder.'),
        ("subject", "{number", 'has a "{" that belongs to no placeholder.'),
        ("subject", "number}", 'has a "}" that belongs to no placeholder.'),
        ("subject", "{{number}", 'has a "}" that belongs to no placeholder.'),
        ("subject", "{number!r}", "formats, conversions and parts of a value are not known."),
        ("subject", "{number:>40}", "formats, conversions and parts of a value are not known."),
        ("subject", "{name.__class__}", "formats, conversions and parts of a value are not known."),
        ("subject", "{name[0]}", "formats, conversions and parts of a value are not known."),
        ("subject", "{number }", "formats, conversions and parts of a value are not known."),
        ("subject", "{number}\nBcc: a@example.org", "must be one line"),
        ("subject", "{number}\u2028x", "must be one line"),
        ("subject", "\u202e{number}", "must be one line"),
        ("subject", "", "is empty."),
        ("subject", "  ", "is empty."),
        ("subject", "x" * 61 + "{number}", "has 61 characters beside its placeholders. Keep it to 60."),
        ("greeting", "{number}", '"{number}" is no placeholder.'),
        ("greeting", "Dear\nall", "must be one line"),
        ("footer", "{date", 'has a "{" that belongs to no placeholder.'),
        ("footer", "x" * 501, "Keep it to 500."),
    ],
)
def test_a_bad_template_is_a_fault_with_its_place(tmp_path: Path, key: str, text: str, problem: str) -> None:
    ((place, told),) = faults(tmp_path, f"[templates]\n{key} = {quoted(text)}\n").items()
    assert place == f"2: templates.{key}"
    assert problem in told


def test_an_unknown_template_and_one_that_is_no_text_are_faults(tmp_path: Path) -> None:
    found = faults(tmp_path, '[templates]\nheadline = "x"\nfooter = 1\n')
    assert list(found) == ["2: templates.headline", "3: templates.footer"]


def test_all_faults_of_the_templates_are_told_at_once(tmp_path: Path) -> None:
    assert len(faults(tmp_path, '[templates]\nsubject = "{"\ngreeting = "}"\nfooter = "{x}"\n')) == 3


def test_a_brace_is_written_twice(tmp_path: Path) -> None:
    template = read(tmp_path, '[templates]\nfooter = "{{date}} is {date}"\n').wording.footer
    assert template is not None
    assert template.fill({"date": "{destination}"}) == "{date} is {destination}"


@given(st.text(alphabet=string.ascii_lowercase + "{}!:. _"))
def test_what_is_taken_fills_to_what_stands_there(text: str) -> None:
    """Whatever is no fault has only known gaps, and filling each with its own name gives the text back."""
    try:
        template = parse_template(text, NAMES)
    except BadTemplate:
        return
    assert template.names <= set(NAMES)
    once = OwnWords(tuple((piece.replace("{", "{{").replace("}", "}}"), name) for piece, name in template.pieces))
    assert once.fill({name: f"{{{name}}}" for name in NAMES}) == text
