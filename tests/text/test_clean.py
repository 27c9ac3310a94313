"""Texts as they are shown, compared and let out."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.clean import clean, fold, harmless

PIECES = st.sampled_from(
    [
        *(
            "\\",
            "\\>",
            "&gt;",
            "&amp;",
            "&#38;",
            "&#92;",
            "amp;",
            "<b>",
            "</p>",
            "<li>",
            "<br/>",
            "<",
            ">",
            "\n",
            "\n\n",
        ),
        *(
            " ",
            "\r\n",
            "\t",
            "- ",
            "* ",
            "1. ",
            "2. ",
            "o ",
            "•",
            "–",
            "“",
            "''",
            "`",
            "\u200b",
            "\u202e",
            "é",
            "a",
            "B.",
        ),
    ]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=15).map("".join))


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (r"WBC \> 3 \* 10\^9/L \[see 4.1\]", "WBC > 3 * 10^9/L [see 4.1]"),
        ("AST &lt; 3 &times; ULN &amp; stable", "AST < 3 × ULN & stable"),
        ("twice escaped: &amp;gt;", "twice escaped: >"),
        ("a  b\t c", "a b c"),
        ("first line\nsecond line", "first line second line"),
        ("one\r\n\r\n\r\ntwo", "one\n\ntwo"),
        ("Causes:\n* a\n* b", "Causes:\n* a\n* b"),
        ("<p>One</p><p>Two <b>bold</b></p><ul><li>a</li><li>b</li></ul>", "One\n\nTwo bold\n\n* a\n\n* b"),
        ("10<sup>9</sup>/L, age <18 and >5", "109/L, age <18 and >5"),
        ("cafe\u0301", "caf\u00e9"),
        ("a\u200bb\u202ec\x00d\u00a0e", "abcd e"),
        ("C:\\temp", "C:\\temp"),
        ("AT&T; R&D", "AT&T; R&D"),
    ],
)
def test_escapes_entities_tags_and_spaces_are_undone(raw: str, shown: str) -> None:
    assert clean(raw) == shown


def test_quotes_dashes_and_case_stay_as_they_are_spelled() -> None:
    text = "“Phase 1–2” – CD7+ CAR‑T"
    assert clean(text) == text


@given(TEXTS)
def test_cleaning_twice_is_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(TEXTS)
def test_folding_twice_is_once_and_needs_no_cleaning_first(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(clean(text)) == fold(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("18–65 years", "18-65 years"),
        ("the “sponsor”", 'the "sponsor"'),
        ("Crohn’s disease", "Crohn's disease"),
        ("* one\n* two", "-  one\n\n-  two"),
        ("1. one\n2. two", "• one\n• two"),
        ("<ul><li>one</li><li>two</li></ul>", "* one\n* two"),
        ("a long\nline", "a long line"),
        (r"ANC \> 1.5", "ANC &gt; 1.5"),
    ],
)
def test_spelling_without_meaning_folds_away(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("aged over\n18. Consent", "aged over\n16. Consent"),
        ("ANC > 1.5", "ANC > 1.0"),
        ("Male", "male"),
        ("5. Adults", "6. Adults"),
        ("-5 °C", "5 °C"),
    ],
)
def test_what_means_something_is_kept_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(max_size=80))
def test_harmless_text_is_one_line_without_hidden_characters(text: str) -> None:
    line = harmless(text)
    assert not {unicodedata.category(c) for c in line} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert harmless(line) == line


def test_harmless_text_keeps_its_lines_only_where_they_are_asked_for() -> None:
    text = "a\x1b[31m\u202eb\r\nc\td"
    assert harmless(text) == "a[31mb c d"
    assert harmless(text, keep_newlines=True) == "a[31mb\nc d"
