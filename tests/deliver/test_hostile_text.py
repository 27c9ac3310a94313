"""Text of a registry can be anything; no output lets it be more than text."""

from __future__ import annotations

import ast
import json
import re
import unicodedata
from collections import Counter
from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import monitor.deliver.render as render_room
from monitor.deliver.render import brief, email, plain, slack
from monitor.deliver.render.markup import html
from monitor.deliver.render.slack_syntax import escape_slack
from monitor.model.message import (
    Message,
    NoticeItem,
    NoticeMessage,
    Origin,
    TrialEventMessage,
    TrialHeader,
    WelcomeMessage,
)
from tests.deliver.told import HEADER, ORIGIN, change, message, of_changes, told_test

NASTY = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</td></table>", "<!--", "]]>", "&lt;b&gt;",
    "&#60;b>",
    "<!channel>", "<!here|x>", "<@U024BE7LH>", "<#C024BE7LR>", "<!subteam^S012>", "<https://evil.example|Side by side>",
    "@here", "@channel", "@everyone", "!here>", "@U024BE7LH>", "https://evil.example/x>", "*bold*", "_it_", "~gone~",
    "`code`", "```block```", "&gt; quoted", "> quoted", ":skull:", "a|b>", "${7*7}", "{{7*7}}", "$name", "$$", "%s",
    "\u202eevil\u202c", "\u200b", "\x00", "\x1b[31m", "\r\nBcc: a@b.example", "\u2028", "\u2029", "\x85", "\ud800",
    "=?utf-8?q?=0d=0aBcc:a@b.example?=", "mailto:x@y.example", "javascript:alert(1)", "[x](https://evil.example)",
    "www.evil.example", "evil.example/path", "\\*", "\ufeff", "\u00ad", "\u2066",
)  # fmt: skip
hostile = st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=12)), min_size=1, max_size=5).map("".join)


def hostile_messages(text: str) -> list[Message]:
    """The text in every place that a message has for text."""
    header = TrialHeader(
        registry_id=text, title=text, label=text, sponsor=text, phases=(text,), overall_status=text, site_count=1,
        single_site_city=text, record_url=HEADER.record_url, compare_url=HEADER.compare_url,
    )  # fmt: skip
    origin = replace(ORIGIN, posted=text, data_timestamp=text, reasons=(text, text))
    detail = {"direction": text, "reason": text, "pieces": [["=", text], ["-", text], ["+", text]]}
    pair = {"before": {"facility": text, "status": text}, "after": {"facility": text, "contacts": [{"name": text}]}}
    changes = (
        change("status", "status.overall", text, text, "critical", text, detail=detail, strong=(text,)),
        change("criteria", "eligibility.inclusion", text, text, "major", f"a {text} b", detail=detail, strong=(text,)),
        change("other", "x", {text: text}, [text, {text: [text]}], "minor", text, detail={}),
        change("locations", "locations.sites", None, [text], "minor", text, detail={"sites": [pair]}),
    )
    content = replace(of_changes(*changes), header=header, origin=origin, unchanged=(text,))
    return [
        message(content, maybe_repeat=True),
        message(replace(content, header=replace(header, registry_id=None, label=None)), "correction"),
        message(WelcomeMessage(trials=(header, header)), "welcome"),
        message(TrialEventMessage(header=header, sentences=(text, text), origin=origin), "gone"),
        message(NoticeMessage(items=(NoticeItem(what=text, trust=text, todo=text),)), "notice"),
        message(told_test(text), "test"),
    ]


class Tags(HTMLParser):
    """Every tag with its attributes' names and addresses: all that a browser acts on."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: Counter[object] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        links = tuple(value for name, value in attrs if name in ("href", "src", "style", "class"))
        self.seen[(tag, tuple(name for name, _ in attrs), links)] += 1

    def handle_comment(self, data: str) -> None:
        self.seen[("comment", data)] += 1

    def handle_decl(self, decl: str) -> None:
        self.seen[("declaration", decl)] += 1


def tags(html: str) -> Counter[object]:
    parser = Tags()
    parser.feed(html)
    parser.close()
    return parser.seen


SAMPLES = ("", "Plain words", "CODE_WORD", "Plain words " * 30, "2026-01-02")
HARMLESS = frozenset(
    tag for text in SAMPLES for each in hostile_messages(text) for tag in tags(email.compose(each).html)
)


@settings(max_examples=60, deadline=None)
@given(hostile)
@example("".join(NASTY))
def test_no_text_adds_a_kind_of_tag_attribute_or_address_to_a_mail(text: str) -> None:
    for told in hostile_messages(text):
        assert set(tags(email.compose(told).html)) <= HARMLESS


@pytest.mark.parametrize("text", NASTY)
def test_a_text_gives_the_same_tags_as_a_harmless_one_of_its_length(text: str) -> None:
    shown = f"word {text} word"
    visible = "".join(c for c in shown if unicodedata.category(c)[0] not in "CZ" or c == " ")
    for told, harmless in zip(hostile_messages(shown), hostile_messages("w" * len(visible)), strict=True):
        assert tags(email.compose(told).html) == tags(email.compose(harmless).html)


_ALLOWED = frozenset({HEADER.record_url, HEADER.compare_url})
_SLACK_TOKEN = re.compile(r"<([^<>]*)>")


def decoded(body: str) -> list[str]:
    """What Slack's own syntax holds beside text: everything in angle brackets."""
    return _SLACK_TOKEN.findall(body)


@settings(max_examples=80, deadline=None)
@given(hostile)
@example("".join(NASTY))
def test_slack_finds_no_mention_and_no_link_but_ours(text: str) -> None:
    for told in hostile_messages(text):
        content = slack.compose(told)
        assert len(content.title) <= 140
        assert len(content.body) <= 2_900
        for token in decoded(content.body):
            address = token.partition("|")[0].replace("&amp;", "&")
            assert address in _ALLOWED
        rest = _SLACK_TOKEN.sub("", content.body)
        assert "<" not in rest
        assert ">" not in rest
        assert not re.search(r"&(?!amp;|lt;|gt;)", content.body)
        assert not re.search(r"(?<!\w)@\w", rest + content.title)
        assert not re.search(r"\w://", rest.replace("https://clinicaltrials.gov", ""))


_FORMAT = re.compile(r"(?<![^\W_])[*_~`]+|[*_~`]+(?![^\W_])")


@settings(max_examples=200, deadline=None)
@given(hostile)
def test_no_text_can_format_itself_in_slack(text: str) -> None:
    shown = escape_slack(text)
    assert not _FORMAT.search(shown)
    assert "\n" not in shown
    assert not re.search(r":[\w+'-]+:", shown)
    assert not shown.startswith("&gt;")


def test_ordinary_text_reaches_slack_as_it_is() -> None:
    for text in ("HLA-A*02:01", "ANC >= 1.5 x 10^9/L", "snake_case", "a@b.org", "ratio 1:2", "AT&T", "5 < 6"):
        back = escape_slack(text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        assert back == text


@settings(max_examples=60, deadline=None)
@given(hostile)
@example("".join(NASTY))
def test_no_control_or_bidirectional_character_leaves(text: str) -> None:
    for told in hostile_messages(text):
        mail, whole, chat = email.compose(told), plain.compose(told), brief.compose(told, 1_000)
        for out in (mail.subject, mail.text, mail.html, whole.title, whole.body):
            assert not [c for c in out if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
        for out in (slack.compose(told).title, slack.compose(told).body, chat.title, chat.body):
            bad = [c for c in out if c not in "\n\u200d" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
            assert not bad


@settings(max_examples=60, deadline=None)
@given(hostile, st.integers(400, 2_000))
def test_a_chat_message_fits_and_calls_nobody(text: str, limit: int) -> None:
    for told in hostile_messages(text):
        content = brief.compose(told, limit)
        assert not re.search(r"(?<!\w)@\w|<[@!#]|<users/", f"{content.title}\n{content.body}")
        assert "Alert 7K2M-0412" in content.body
        assert len(content.title) + len(content.body) <= limit


def test_template_marks_in_a_record_are_only_text() -> None:
    for mark in ("$said", "${said}", "$$", "{{7*7}}", "%(x)s", "{0.__class__}"):
        html = email.compose(hostile_messages(mark)[0]).html
        assert mark.replace("'", "&#x27;") in html
        assert "49" not in html


def test_a_value_cannot_leave_a_quoted_attribute() -> None:
    assert str(html('<a title="$text">x</a>', text="\" onclick='y'")) == (
        '<a title="&quot; onclick=&#x27;y&#x27;">x</a>'
    )


RENDER = Path(str(render_room.__file__)).parent


def test_html_is_made_in_one_place_only() -> None:
    for path in sorted(RENDER.glob("*.py")):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id == "Html":
                assert path.name == "markup.py", f"{path.name}:{node.lineno} makes Html by itself"
            if node.func.id == "html":
                assert _is_fixed(node.args[0]), f"{path.name}:{node.lineno} gives html() a pattern that is not fixed"


def _is_fixed(node: ast.expr) -> bool:
    """A literal, or a constant of the sheet of patterns."""
    if isinstance(node, ast.IfExp):
        return _is_fixed(node.body) and _is_fixed(node.orelse)
    if isinstance(node, ast.Attribute):
        return isinstance(node.value, ast.Name) and node.value.id == "sheet"
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_the_patterns_of_a_mail_are_literals() -> None:
    tree = ast.parse((RENDER / "sheet.py").read_text())
    made = [node for node in ast.walk(tree) if isinstance(node, ast.Call | ast.JoinedStr | ast.Lambda)]
    assert not made


def test_the_hostile_messages_fill_every_field_of_text() -> None:
    sent = json.dumps([repr(each) for each in hostile_messages("HOSTILE")])
    for each in (*fields(TrialHeader), *fields(Origin), *fields(NoticeItem)):
        assert each.name in sent


@pytest.mark.parametrize("text", NASTY)
def test_the_plain_text_of_a_webhook_keeps_what_is_printable(text: str) -> None:
    body = plain.compose(hostile_messages(text)[0]).body
    shown = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    assert all(word in body for word in shown.split())
