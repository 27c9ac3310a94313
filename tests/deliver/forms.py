"""Every form of a message, as bytes that could leave: what a new renderer adds belongs here."""

from __future__ import annotations

import json
from collections.abc import Iterator

from monitor.deliver.render import brief, email, plain, slack, teams
from monitor.deliver.render.facts import facts_of
from monitor.deliver.render.subject import subject
from monitor.model.message import Message


def forms(message: Message) -> Iterator[tuple[str, str]]:
    """Name and text of each."""
    mail = email.compose(message)
    yield from (("mail subject", mail.subject), ("mail text", mail.text), ("mail html", mail.html))
    whole, mrkdwn = plain.compose(message), slack.compose(message)
    yield from (("title", whole.title), ("text", whole.body), ("slack title", mrkdwn.title), ("slack", mrkdwn.body))
    for limit in (700, 2_000, 24_000):
        told = brief.compose(message, limit)
        yield from ((f"chat title {limit}", told.title), (f"chat {limit}", told.body))
    card = teams.compose(message, 27_000)
    yield from (("teams title", card.title), ("teams", card.body.replace("\\", "")))
    yield "facts", json.dumps(facts_of(message), ensure_ascii=False)
    yield "subject", subject(message, 250)
