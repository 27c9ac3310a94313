"""A digest in every form: nothing lost, the codes never folded, within what each way takes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.deliver.render import brief, email, plain, slack
from monitor.store.batches import MOST_TOGETHER
from tests.deliver.told import (
    CONTACT,
    CRITERION,
    ENROLLMENT,
    NOTICE,
    START,
    STATUS,
    backlog,
    change,
    digest,
    message,
    of_changes,
)

CODES = [f"AAAA-{n:04}" for n in range(MOST_TOGETHER)]
FULL = backlog(MOST_TOGETHER, STATUS, ENROLLMENT, CONTACT, START, CRITERION)
LONG = change(
    "description", "description.detailed", "old " * 9_000, "new " * 9_000, "minor", "The description changed."
)


def test_the_text_of_a_mail_and_a_plain_webhook_carry_every_change_with_both_values() -> None:
    for body in (email.compose(FULL).text, plain.compose(FULL).body):
        assert all(f"Alert {code}" in body for code in CODES)
        assert all(f"NCT{n:08}" in body for n in range(MOST_TOGETHER))
        assert body.count("Has a history of pneumonitis that required") == MOST_TOGETHER
        assert body.count("713-794-1623") == MOST_TOGETHER
        assert "more" not in body.casefold().replace("100,000 or more", "")


def test_the_text_keeps_the_order_and_names_the_digest_itself() -> None:
    text = email.compose(FULL).text
    assert [line[6:15] for line in text.splitlines() if line.startswith("Alert AAAA")] == CODES
    assert text.rstrip().endswith("Alert 9XYZ-0001.")


def test_the_html_of_a_mail_stays_under_its_size_and_says_what_it_leaves_to_the_text() -> None:
    huge = backlog(MOST_TOGETHER, *[STATUS, CRITERION, LONG] * 8)
    for told in (FULL, huge):
        assert len(email.compose(told).html.encode()) < 90_000
    assert "All of them are in the text part of this mail." in email.compose(huge).html


def test_the_html_shows_all_that_is_grave_and_folds_the_rest_by_number() -> None:
    html = email.compose(backlog(1, *[CRITERION] * 6, *[CONTACT] * 4)).html
    assert html.count("Exclusion 2 counts") == 7, "once in the line that an inbox shows"
    assert "4 more: contacts (4)." in html


@pytest.mark.parametrize("count", [2, MOST_TOGETHER])
def test_slack_gets_a_line_for_what_fits_and_the_code_of_every_alert(count: int) -> None:
    told = slack.compose(backlog(count, STATUS, CONTACT))
    assert len(told.body) <= slack.BODY
    assert len(told.title) <= slack.TITLE
    assert all(code in told.body for code in CODES[:count])
    assert "◆ NCT00000000 is now Suspended" in told.body


@pytest.mark.parametrize("limit", [1_000, 1_500, 4_000])
def test_short_services_get_the_code_of_every_alert_too(limit: int) -> None:
    told = brief.compose(FULL, limit)
    assert len(told.title) + len(told.body) <= limit
    assert all(code in told.body for code in CODES)


def test_what_may_be_a_repeat_says_so_in_every_form() -> None:
    first = message(of_changes(STATUS), code="AAAA-0001", maybe_repeat=True)
    told = digest(first, message(of_changes(STATUS), code="AAAA-0002"))
    mail = email.compose(told)
    for body in (mail.text, mail.html, slack.compose(told).body, brief.compose(told, 700).body):
        assert body.count("may be a repeat") == 1
    whole = digest(first, first, maybe_repeat=True)
    assert "This may be a repeat of alert 9XYZ-0001" in " ".join(email.compose(whole).text.split())


def test_everything_inside_says_of_when_it_is() -> None:
    mail = email.compose(digest(message(of_changes(STATUS), code="AAAA-0001"), replace(NOTICE, code="AAAA-0002")))
    seen, written, _ = mail.text.split("=" * 72)[1:]
    assert "Seen 20 Feb 2026, 00:58 UTC" in seen
    assert "\nWritten 20 Feb 2026, 01:00 UTC.\nAlert AAAA-0002.\n" in written
    assert "Written 20 Feb 2026, 01:00 UTC. Alert AAAA-0002." in mail.html


def test_the_subject_says_how_many_and_of_which_trials() -> None:
    assert email.compose(FULL).subject == "50 alerts that had waited: NCT00000000, NCT00000001 and 48 more trials"
