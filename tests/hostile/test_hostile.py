"""A little of the sweep, and what the sweep found; `make sweep PART="hostile 1/4"` runs much of it."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.deliver.render import slack
from tests.deliver.told import message, of_changes
from tests.hostile import strings
from tests.hostile.decoders import (
    csv_faults,
    html_faults,
    log_faults,
    slack_faults,
    slack_formats,
    terminal_faults,
)
from tests.hostile.grammar import CARRIERS, PAYLOADS
from tests.hostile.mails import header_faults
from tests.hostile.placed import EACH

OUTPUTS = ("subject", "mail text", "mail HTML", "slack", "csv", "log", "terminal", "json")


def test_hostile_strings_are_only_text_in_every_output() -> None:
    outcome = strings.run_batches(2, 6)
    print(outcome.counts)
    assert outcome.faults == []
    assert outcome.counts["strings"] == len(set(outcome.shapes)) == 6 * EACH
    assert all(outcome.counts[each] > 0.7 * outcome.counts["strings"] for each in OUTPUTS)


def test_the_grammar_makes_very_many_strings() -> None:
    payloads = {payload for several in PAYLOADS.values() for payload in several}
    assert len(payloads) > 200
    assert len(payloads) * len(CARRIERS) > 5_000


MORE_HEADERS = b"Subject: x\r\nBcc: y@z.example\r\nTo: a@b.example\r\n\r\n"
SENT: tuple[tuple[str, Any], ...] = (
    ("HTML: active script", lambda: html_faults("<p><script>", "<p>", known=set(), same=False)),
    ("HTML: a strange tag", lambda: html_faults("<p><b>", "<p>", known=set(), same=False)),
    ("HTML: other tags", lambda: html_faults("<p><p>", "<p>", known=set(), same=True)),
    ("HTML: link to javascript", lambda: html_faults("<a href='javascript:x'>", "<a>", known=set(), same=False)),
    ("HTML: link to", lambda: html_faults("<a href='https://evil.example'>", "<a>", known=set(), same=False)),
    ("SLACK: token !channel", lambda: slack_faults("", "x <!channel>")),
    ("SLACK: token https://evil", lambda: slack_faults("", "x <https://evil.example|Read>")),
    ("SLACK: calls @here", lambda: slack_faults("@here", "")),
    ("SLACK: picture", lambda: slack_faults("", ":skull:")),
    ("SLACK: a bare angle", lambda: slack_faults("", "1 < 2")),
    ("CSV: active", lambda: csv_faults(b'"a"\r\n"\xef\xbc\x9d1+1"\r\n', 1, 1)),
    ("CSV: active", lambda: csv_faults(b'"a"\r\n" ""=1+1"\r\n', 1, 1)),
    ("CSV: 3 rows", lambda: csv_faults(b'"a"\r\n"x"\r\n"y"\r\n', 1, 1)),
    ("TERMINAL: unseen 0x1b", lambda: terminal_faults("\x1b[2J")),
    ("TERMINAL: unseen 0x202e", lambda: terminal_faults("\u202e")),
    ("LOG: 2 lines", lambda: log_faults("one\u2028two\n")),
    ("SUBJECT: headers", lambda: header_faults(MORE_HEADERS, "x", parts=1)),
)  # fmt: skip


@pytest.mark.parametrize(("rule", "judge"), SENT, ids=[f"{n} {rule}" for n, (rule, _) in enumerate(SENT)])
def test_every_judge_sees_what_is_more_than_text(rule: str, judge: Any) -> None:
    assert any(fault.startswith(rule) for fault in judge())


def test_a_judge_of_formats_counts_them() -> None:
    assert slack_formats("*a* _b c_ x*y*z 2 * 3 * 4") == {"*": 1, "_": 1}


def test_a_name_that_begins_with_a_control_character_is_bold_all_the_same() -> None:
    body = slack.compose(message(of_changes(label="\x00 \x1bAcme"))).body
    assert "*Acme*" in body
