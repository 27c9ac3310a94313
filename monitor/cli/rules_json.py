"""The JSON documents of `rules test`. Values in, values out."""

from __future__ import annotations

from monitor.cli.days import show_utc
from monitor.cli.json_out import history_json
from monitor.cli.rules_view import Rehearsed, Written
from monitor.model.alert import Recipient
from monitor.model.json import Json
from monitor.pipeline.rehearsal import Answer, Tested


def tested_json(tested: Tested) -> dict[str, Json]:
    """`rules test CHANGE_ID --json`"""
    return {
        "change": history_json([tested.stored])[0],
        "watched": bool(tested.watches),
        "echo": tested.echo,
        "rules": [_answer_json(answer) for answer in tested.answers],
        "takes_back_for": [_recipient_json(each) for each in tested.heard],
    }


def _answer_json(answer: Answer) -> dict[str, Json]:
    return {
        "rule": answer.explained.rule.name,
        "matches": answer.explained.told,
        "why_not": list(answer.explained.against),
        "conditions": list(answer.explained.found),
        "to": [{**_recipient_json(each.recipient), "when": each.when} for each in answer.to],
    }


def _recipient_json(recipient: Recipient) -> dict[str, Json]:
    return {"destination": recipient.destination, "recipient": recipient.address}


def rehearsed_json(rehearsed: Rehearsed) -> dict[str, Json]:
    """`rules test --since D --json`"""
    found: dict[str, Json] = {
        "since": rehearsed.since.isoformat(),
        "until": rehearsed.until.isoformat() if rehearsed.until else None,
        "updates": rehearsed.updates,
        "changes": rehearsed.changes,
        "untold": rehearsed.untold,
        "weeks": [
            {"week": week, "destination": destination, "messages": count.messages, "changes": count.changes}
            for (week, destination), count in rehearsed.weeks.items()
        ],
    }
    if rehearsed.letters is not None:
        found["messages"] = [_letter_json(letter) for letter in rehearsed.letters]
    return found


def _letter_json(letter: Written) -> dict[str, Json]:
    told = letter.told
    return {
        "id": letter.code,
        **_recipient_json(told.pick.recipient),
        "registry_id": told.update.first.registry_id,
        "kind": told.kind.value,
        "seen_at": show_utc(told.update.first.observed_at),
        "changes": [stored.id for stored in told.changes],
        "title": letter.content.title,
        "body": letter.content.body,
    }
