"""Widths, wrapping, colour and the pager."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cli.pieces_view import inline, shortened, side_by_side
from monitor.cli.terminal import Screen, Span, Style, cells, cut, hang, stressed, table, width_of, wrap

TEXTS = st.text(st.sampled_from("abc de  fg–漢字é́…"), max_size=120)


@given(text=TEXTS, width=st.integers(2, 40))
def test_wrapping_keeps_every_word_within_the_width(text: str, width: int) -> None:
    lines = wrap((Span(text),), width)
    assert all(width_of(line) <= width for line in lines)
    assert "".join(span.text for line in lines for span in line).replace(" ", "") == text.replace(" ", "")


@given(text=TEXTS, width=st.integers(2, 40))
def test_a_cut_text_fits(text: str, width: int) -> None:
    short = cut(text, width)
    assert cells(short) <= width
    assert short == text or short.endswith("…")


def test_wide_characters_take_two_columns() -> None:
    assert cells("漢字") == 4
    assert cells("e\u0301") == 1


def test_a_word_may_change_its_style_inside() -> None:
    spans = [Span("ILD"), Span("/pneumonitis", Style.REMOVED), Span(", or")]
    (line,) = wrap(spans, 40)
    assert [span.style for span in line] == [Style.PLAIN, Style.REMOVED, Style.PLAIN]
    first, second = wrap(spans, 16)
    assert "".join(span.text for span in first) == "ILD/pneumonitis,"
    assert "".join(span.text for span in second) == "or"


def test_brackets_stand_only_where_there_is_no_colour() -> None:
    pieces = [("=", "Has"), ("+", " any"), ("=", " history of"), ("-", " (non-infectious)"), ("=", " ILD")]
    plain, coloured = Screen(width=80), Screen(width=80, color=True)
    assert plain.paint(inline(pieces, plain)) == "Has {+any+} history of [-(non-infectious)-] ILD"
    assert coloured.paint(inline(pieces, coloured)) == (
        "Has \x1b[4;36many\x1b[0m history of \x1b[9;31m(non-infectious)\x1b[0m ILD"
    )


def test_long_equal_stretches_are_left_out_of_pieces() -> None:
    long = "word " * 200
    short = shortened([("=", long), ("-", "old"), ("=", long), ("+", "new"), ("=", long)])
    assert [sign for sign, _ in short] == ["=", "-", "=", "+", "="]
    assert all(len(text) < 140 for _, text in short)
    assert all("…" in text for sign, text in short if sign == "=")


@given(
    st.lists(st.tuples(st.sampled_from("=-+"), st.text(st.sampled_from("ab c"), max_size=60)), max_size=12),
    st.integers(60, 160),
)
def test_two_columns_never_run_into_each_other(pieces: list[tuple[str, str]], width: int) -> None:
    rule = (width - 2 - 3) // 2 + 2
    for line in side_by_side(pieces, Screen(width=width), indent=2):
        assert len(line) <= width
        assert line[rule : rule + 2] == " │"


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("utf-8", "β ≥ 5 µm – “x” ◆"), ("ascii", 'beta >= 5 um - "x" !'), ("latin-1", 'beta >= 5 µm - "x" !')],
)
def test_what_the_terminal_lacks_is_spelled_out(encoding: str, shown: str) -> None:
    assert Screen(width=80, encoding=encoding).fit("β ≥ 5 µm – “x” ◆") == shown


def test_strong_parts_are_found_in_order() -> None:
    spans = stressed("Now plans 102 people. It planned 200.", ["102 people"])
    assert [span.text for span in spans if span.style is Style.STRONG] == ["102 people"]
    assert "".join(span.text for span in spans) == "Now plans 102 people. It planned 200."


def test_under_forty_columns_nothing_is_aligned() -> None:
    rows = [[Span("a"), Span("b")], [Span("long name"), Span("c")]]
    assert table(rows, Screen(width=30), head=("A", "B")) == "a  b\nlong name  c"
    assert table(rows, Screen(width=80), head=("A", "B")) == "A          B\na          b\nlong name  c"


def test_a_table_fits_the_screen() -> None:
    rows = [[Span("NCT01234567"), Span("a very long state of affairs"), Span("title " * 30)]]
    for width in (40, 60, 80, 120):
        text = table(rows, Screen(width=width), head=("Trial", "State", "Title"))
        assert max(map(len, text.splitlines())) <= width


def test_a_date_stays_on_one_line() -> None:
    lines = hang((), (Span("Expected on 30 Nov 2025 (was Jul 2026)."),), Screen(width=20))
    assert lines == ["Expected on", "30 Nov 2025", "(was Jul 2026)."]


def test_text_hangs_under_itself() -> None:
    lines = hang((Span("  * "),), (Span("one two three"),), Screen(width=20))
    assert lines == ["  * one two three"]
    lines = hang((Span("  * "),), (Span("one two three four"),), Screen(width=20))
    assert lines == ["  * one two three", "    four"]


def on_terminal(script: str, environ: dict[str, str]) -> str:
    """What a program prints on a terminal of 24 lines."""
    ours, theirs = pty.openpty()
    done = subprocess.Popen([sys.executable, "-c", script], stdout=theirs, stdin=theirs, stderr=theirs, env=environ)
    os.close(theirs)
    seen = b""
    while select.select([ours], [], [], 30)[0]:
        try:
            chunk = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not chunk:
            break
        seen += chunk
    done.wait(30)
    os.close(ours)
    return seen.decode()


PRINT = """
import os, sys
from monitor.cli.pager import show
from monitor.cli.terminal import screen_of
show("line\\n" * {lines}, screen_of(sys.stdout, os.environ), os.environ, paged=True)
"""


@pytest.mark.parametrize(
    ("lines", "pager", "paged"), [(100, "sed s/line/paged/", True), (5, "sed s/line/paged/", False)]
)
def test_only_what_is_longer_than_the_screen_is_paged(lines: int, pager: str, *, paged: bool) -> None:
    environ = {**os.environ, "PAGER": pager, "COLUMNS": "80", "LINES": "24"}
    seen = on_terminal(PRINT.format(lines=lines), environ)
    assert ("paged" in seen) is paged
    assert seen.count("\n") == lines


def test_a_missing_pager_loses_nothing() -> None:
    seen = on_terminal(PRINT.format(lines=100), {**os.environ, "PAGER": "no-such-pager", "LINES": "24"})
    assert seen.count("line") == 100


def test_colour_needs_a_terminal_that_wants_it() -> None:
    script = "import os,sys; from monitor.cli.terminal import screen_of; print(screen_of(sys.stdout, os.environ).color)"
    plain = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}
    assert on_terminal(script, {**plain, "TERM": "xterm"}).strip() == "True"
    assert on_terminal(script, {**plain, "TERM": "xterm", "NO_COLOR": "1"}).strip() == "False"
    assert on_terminal(script, {**plain, "TERM": "dumb"}).strip() == "False"
    piped = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env={**plain, "TERM": "xterm"}, check=True
    )
    assert piped.stdout.strip() == "False"
