"""What Slack and other chats show."""

from __future__ import annotations

import re

import pytest

from monitor.deliver.render import brief, plain, slack
from monitor.model.message import Message
from tests.deliver.told import CRITERION, EVERY, HEADER, STATUS, SUSPENDED, change, message, of_changes


def test_the_title_says_the_number_what_is_now_and_what_was() -> None:
    assert slack.compose(SUSPENDED).title == "◆ NCT07011550 is now Suspended (it was Recruiting)"


def test_the_body_names_the_trial_the_reason_and_each_change_with_what_is_new_in_bold() -> None:
    body = slack.compose(SUSPENDED).body
    assert body.startswith("*BMS-986340 in colorectal cancer*\nNCT07011550, Phase 2, Single-arm Trial")
    assert 'Reason given: "*FDA*".' in body
    assert "▲ Enrolled *7 people* (final count) of 40 planned, 18%." in body
    assert "● Started on *15 Aug 2025*, 107 days before the expected day (30 Nov 2025)." in body
    assert "Alert 7K2M-0412." in body


def test_why_a_change_is_grave_stands_below_the_title_and_behind_a_line() -> None:
    assert "_(critical: stopped for regulatory reasons)_" in slack.compose(SUSPENDED).body
    more = change("design", "d", "a", "b", "major", "Other now.", detail={"severity_reason": "how the trial is built"})
    assert "_(major: how the trial is built)_" in slack.compose(message(of_changes(STATUS, more))).body


def test_the_links_are_slacks_own() -> None:
    body = slack.compose(SUSPENDED).body
    assert f"<{str(HEADER.compare_url).replace('&', '&amp;')}|Side by side>" in body
    assert f"<{HEADER.record_url}|The record>" in body


def test_values_that_a_sentence_does_not_name_stand_behind_it() -> None:
    body = slack.compose(message(of_changes(STATUS, CRITERION))).body
    assert "▸◂ Tighter. Was “Has a history of pneumonitis that required corticosteroids.”, now “Has a" in body


def test_five_changes_are_told_and_the_rest_is_counted() -> None:
    more = [change("outcomes", f"o{n}", "a", "b", "minor", f"Outcome {n} changed.") for n in range(8)]
    body = slack.compose(message(of_changes(STATUS, *more))).body
    assert body.count("● Outcome") == 4
    assert f"○ 4 more: <{str(HEADER.compare_url).replace('&', '&amp;')}|outcomes (4)>" in body


def test_a_correction_is_called_one() -> None:
    assert slack.compose(message(of_changes(STATUS), "correction")).title.startswith("Taken back: ◆ NCT07011550")


@pytest.mark.parametrize("told", EVERY)
def test_every_kind_of_message_names_its_alert(told: Message) -> None:
    assert f"Alert {told.code}." in slack.compose(told).body
    assert "Alert 7K2M-0412." in plain.compose(told).body


def test_a_possible_repeat_says_so() -> None:
    told = message(of_changes(STATUS), maybe_repeat=True)
    assert "may be a repeat of alert 7K2M-0412" in slack.compose(told).body
    assert "may be a repeat of alert 7K2M-0412" in " ".join(brief.compose(told, 600).body.split())


def test_a_chat_gets_the_whole_message_if_it_fits_and_else_the_gravest_with_a_count() -> None:
    whole = brief.compose(SUSPENDED, 30_000).body
    assert "was: Recruiting" in whole
    more = [change("outcomes", f"o{n}", "a", "b", "minor", f"Outcome {n} changed.") for n in range(80)]
    told = brief.compose(message(of_changes(STATUS, CRITERION, *more)), 1_000)
    assert len(told.body) + len(told.title) <= 1_000
    assert "▲ Criteria: Exclusion 2" in told.body
    assert re.search(r"… and \d+ more: outcomes \(\d+\)\. All of it stands at the link\.", told.body)
    assert HEADER.record_url in told.body
