"""What stands around the facts: the note of a trial, words of the user, the mark of a sample, terms explained once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.deliver.render import brief, email, plain, slack
from monitor.deliver.render.subject import LIMIT, subject
from monitor.model.message import ChangeMessage, Message
from monitor.model.triage import TriageNote
from monitor.model.wording import OwnWords, Wording
from monitor.settings.wording import GAPS
from monitor.text.clean import harmless
from monitor.text.templates import parse_template
from tests.deliver.test_mail_text import flat, words_of
from tests.deliver.told import (
    CRITERION,
    DIGEST,
    EVERY,
    GONE,
    NOTICE,
    PLAIN,
    STATUS,
    SUSPENDED,
    TEST,
    change,
    digest,
    message,
    of_changes,
)

NOTE = TriageNote(text="Ask the site.", by="Ana", at=datetime(2026, 2, 3, 23, 30, tzinfo=UTC), assignee="Bo")
SAID = 'Note of 3 Feb 2026 by Ana: "Ask the site." Assigned to Bo.'
HOSTILE = '<img src=x onerror=alert(1)> *bold* @everyone <!channel>\u202e" Assigned to root.\r\nBcc: x@example.org'


def noted(note: TriageNote, base: Message = SUSPENDED) -> Message:
    assert isinstance(base.content, ChangeMessage)
    return replace(base, content=replace(base.content, note=note))


def forms(told: Message) -> dict[str, str]:
    """Each form of a message as its reader sees it."""
    mail = email.compose(told)
    return {
        "text": flat(mail.text),
        "html": words_of(mail.html),
        "slack": slack.compose(told).body,
        "plain": flat(plain.compose(told).body),
        "brief": flat(brief.compose(told, 1_200).body),
    }


def worded(told: Message, **templates: str) -> Message:
    own = {key: parse_template(text, GAPS[key]) for key, text in templates.items()}
    return replace(told, wording=Wording(destination="advocates", **own))


def test_every_form_ends_its_changes_with_the_newest_note_of_the_trial() -> None:
    for form, said in forms(noted(NOTE)).items():
        assert SAID in said.replace("&quot;", '"'), form
        assert said.index(SAID) > said.index("Kim Ross"), form


def test_a_note_stands_in_the_readers_own_day() -> None:
    told = replace(noted(NOTE), timezone=ZoneInfo("Asia/Tokyo"))
    assert all("Note of 4 Feb 2026 by Ana" in said for said in forms(told).values())


def test_a_note_of_nobody_in_particular_names_no_assignee() -> None:
    assert "Assigned" not in forms(noted(replace(NOTE, assignee=None)))["text"]


def test_a_note_is_foreign_text_in_every_form() -> None:
    told = noted(replace(NOTE, text=HOSTILE, by=HOSTILE, assignee=HOSTILE))
    mail = email.compose(told)
    assert "<img" not in mail.html
    assert "\u202e" not in mail.html + mail.text + slack.compose(told).body
    assert "<!channel>" not in slack.compose(told).body
    for limit in (800, 4_000):
        assert "<!channel>" not in brief.compose(told, limit).body
        assert "@everyone" not in brief.compose(told, limit).body
    assert not any(line.startswith("Bcc:") for line in mail.text.splitlines())


def test_the_longest_note_leaves_whole_in_a_mail_and_every_form_keeps_its_limit() -> None:
    told = noted(replace(NOTE, text="word " * 199 + "end!!"))
    mail = email.compose(told)
    assert "end!!" in words_of(mail.html)
    assert "end!!" in mail.text
    assert len(slack.compose(told).body) <= slack.BODY
    for limit in (280, 700, 2_000):
        short = brief.compose(told, limit)
        assert len(short.title) + len(short.body) <= limit
        assert "Alert 7K2M-0412" in short.body


def test_a_digest_tells_the_note_of_each_trial() -> None:
    told = email.compose(digest(noted(NOTE), noted(replace(NOTE, text="Another."))))
    for said in (flat(told.text), words_of(told.html)):
        assert '"Ask the site."' in said
        assert '"Another."' in said


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("{summary}", subject(SUSPENDED)),
        ("{name}: {state}", 'BMS-986340 in colorectal cancer: now Suspended (was Recruiting), reason "FDA"'),
        ("{{{number}}} {severity}", "{NCT07011550} critical"),
        ("News of a trial", "News of a trial"),
    ],
)
def test_a_subject_is_worded_as_the_user_says(template: str, line: str) -> None:
    told = worded(SUSPENDED, subject=template)
    assert email.compose(told).subject == line
    assert plain.compose(told).title == line
    assert slack.compose(told).title == line
    assert slack.compose(told).body.count("Now Suspended") == 1


def test_a_correction_says_so_whatever_the_template() -> None:
    taken_back = replace(message(of_changes(STATUS), "correction"))
    assert subject(taken_back).startswith("Taken back: NCT07011550")
    assert subject(worded(taken_back, subject="{summary}")) == subject(taken_back)
    assert subject(worded(taken_back, subject="News")) == "Taken back: News"


def test_what_is_about_no_trial_keeps_its_subject() -> None:
    for told in (NOTICE, TEST, PLAIN, DIGEST):
        assert subject(worded(told, subject="News")) == subject(told)
    assert subject(worded(GONE, subject="{number} {state} ({severity})")) == "NCT07011550 no longer found (major)"


def test_the_users_lines_stand_above_and_below_every_form() -> None:
    told = worded(SUSPENDED, greeting="Dear {destination} <b>", footer="Sent on {date}, *yours*")
    for form, said in forms(told).items():
        shown = said.replace("&lt;", "<").replace("&gt;", ">")
        assert shown.index("Dear advocates <b>") < shown.index("BMS-986340 in colorectal"), form
        assert shown.index("Sent on 20 Feb 2026, ") < shown.index("Alert 7K2M-0412."), form
    assert "<b>" not in email.compose(told).html.partition("Dear")[2][:60]
    assert "*yours*" not in slack.compose(told).body


def test_nothing_of_ours_can_be_worded_away() -> None:
    """The alert's id, the label of a repeat, the source and the advice stand whatever the user writes."""
    for told in EVERY:
        own = worded(replace(told, maybe_repeat=True), subject="x", greeting="x", footer="x")
        for form, said in forms(own).items():
            if form != "html" or email.compose(own).html:
                assert f"Alert {told.code}." in said, form
                assert f"This may be a repeat of alert {told.code}" in said, form


@pytest.mark.parametrize("told", [NOTICE, PLAIN])
def test_notices_and_bare_facts_bear_no_words_of_the_user(told: Message) -> None:
    assert forms(worded(told, greeting="Hello", footer="Bye")) == forms(told)


def test_without_templates_nothing_changes() -> None:
    for told in EVERY:
        assert forms(replace(told, wording=Wording(destination="advocates"))) == forms(told)


def test_a_subject_that_comes_to_nothing_is_the_usual_one() -> None:
    assert isinstance(SUSPENDED.content, ChangeMessage)
    unnamed = of_changes(STATUS, title="\u200b", label=None)
    template = Wording(subject=OwnWords((("", "title"), ("", None))))
    assert subject(message(unnamed, wording=template)).startswith("NCT07011550 now Suspended")


@given(text=st.text(), name=st.sampled_from(GAPS["subject"]), title=st.text(), number=st.none() | st.text())
def test_whatever_the_record_says_a_subject_is_one_line_of_a_hundred(
    text: str, name: str, title: str, number: str | None
) -> None:
    own = Wording(subject=OwnWords(((text[:60], name), ("", "summary"), ("", None))))
    line = subject(message(of_changes(STATUS, title=title, label=None, registry_id=number), wording=own, sample=True))
    assert len(line) <= LIMIT
    assert harmless(line) == line
    assert line.startswith("[Sample]")


def test_a_value_is_never_read_again_for_gaps() -> None:
    told = message(of_changes(STATUS, label="{severity} {0} {x!r}"))
    assert subject(worded(told, subject="{name}")) == "{severity} {0} {x!r}"


@pytest.mark.parametrize("told", [each for each in EVERY if each is not PLAIN])
def test_a_sample_says_so_in_its_subject_and_first(told: Message) -> None:
    sample = replace(told, sample=True)
    assert subject(sample).startswith("[Sample] ")
    assert slack.compose(sample).title.startswith("[Sample] ")
    assert all("This is a sample:" in said[:900] for said in forms(sample).values())
    assert brief.compose(sample, 280).title.startswith("[Sample] ")


LOOSER = change(
    "criteria", "eligibility.inclusion", "a", "b", "major", "Inclusion 4 now says “or 15 months”. Looser.",
    detail={"direction": "looser"},
)  # fmt: skip
TIGHTER = change(
    "criteria", "eligibility.exclusion", "a", "b", "major", 'New exclusion 1: "Tighter. Looser. clothes". Tighter.',
    detail={"direction": "tighter"},
)  # fmt: skip
QUOTED = change("description", "description.brief_summary", "a", "b", "critical", "It now ends: Tighter. Looser.")


def test_the_first_use_of_a_term_explains_it_and_no_other() -> None:
    told = message(of_changes(TIGHTER, LOOSER, CRITERION, TIGHTER, LOOSER))
    for form in ("text", "html", "plain", "brief"):
        said = forms(told)[form]
        assert said.count("(fewer people fit)") == said.count("(more people fit)") == 1, form
        assert 'clothes". Tighter (fewer people fit).' in said, form
        assert "Looser (more people fit)." in said, form


def test_a_term_that_a_tag_uses_first_is_explained_there() -> None:
    for form in ("text", "html"):
        said = forms(message(of_changes(STATUS, CRITERION, TIGHTER)))[form].replace("\N{NO-BREAK SPACE}", " ")
        assert said.count("▸◂ Tighter (fewer people fit)") == 1
        assert said.count("fewer people fit") == 1


def test_a_digest_explains_a_term_once() -> None:
    told = email.compose(digest(*(message(of_changes(LOOSER), code=f"AAAA-000{n}") for n in range(3))))
    assert flat(told.text).count("more people fit") == words_of(told.html).count("more people fit") == 1


def test_words_of_the_record_are_explained_nowhere() -> None:
    said = forms(message(of_changes(QUOTED)))
    assert not any("people fit" in each for each in said.values())


def test_a_subject_explains_nothing() -> None:
    assert "people fit" not in subject(message(of_changes(LOOSER)))
