"""The URL that `init` writes says what was answered."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.cli.mail_url import MailAnswers, Security, mail_url, read_server
from monitor.deliver.destinations import read_destination
from monitor.errors import UsageError

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=20
)


@pytest.mark.parametrize(
    ("text", "security", "expected"),
    [
        ("smtp.example.org", None, ("smtp.example.org", 587, "starttls")),
        ("smtp.example.org:465", None, ("smtp.example.org", 465, "ssl")),
        ("relay.local:25", None, ("relay.local", 25, "none")),
        ("relay.local:25", "starttls", ("relay.local", 25, "starttls")),
        ("mail.example.org:2525", None, ("mail.example.org", 2525, "starttls")),
        ("mail.example.org", "ssl", ("mail.example.org", 465, "ssl")),
    ],
)
def test_a_server_is_read_with_its_port_and_security(
    text: str, security: Security | None, expected: tuple[str, int, Security]
) -> None:
    assert read_server(text, security) == expected


@pytest.mark.parametrize("text", ["", " ", "me@example.org", "https://x", "a b", ":25"])
def test_what_is_no_server_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        read_server(text, None)


@settings(max_examples=40, deadline=None)
@given(user=WORDS, password=WORDS)
def test_what_was_answered_comes_back_from_the_url(user: str, password: str) -> None:
    answers = MailAnswers(
        host="smtp.example.org",
        port=587,
        security="starttls",
        sender="monitor@example.org",
        recipients=["a@example.org", "b@example.org"],
        user=user,
        password=password,
    )
    parsed = read_destination("team", mail_url(answers))
    assert parsed.mail is not None
    assert parsed.recipients == ("a@example.org", "b@example.org")
    route = parsed.mail
    assert (route.host, route.port, route.mode, route.sender) == (
        "smtp.example.org",
        587,
        "starttls",
        "monitor@example.org",
    )
    assert route.user == user
    assert route.password is not None
    assert route.password.reveal() == password


@pytest.mark.parametrize("security", ["starttls", "ssl", "none"])
def test_a_relay_without_log_in_needs_none(security: Security) -> None:
    answers = MailAnswers(host="relay", port=25, security=security, sender="m@x.org", recipients=["a@x.org"])
    parsed = read_destination("team", mail_url(answers))
    assert parsed.mail is not None
    assert parsed.mail.user is None
    assert parsed.mail.mode == {"none": "insecure"}.get(security, security)
