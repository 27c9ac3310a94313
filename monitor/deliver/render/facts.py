"""What a message tells, as JSON for programs: they need not read the text beside it.

Each change is spelled as `history --json` spells it. A value too long for a webhook is shortened, and the change then
says so: `folded` names what, how much of it is given, and how much there is. The text beside it always has all of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from monitor.model.change import Change, change_json, in_telling_order
from monitor.model.json import Json, JsonObject
from monitor.model.message import (
    ChangeMessage,
    Content,
    DigestMessage,
    Message,
    NoticeMessage,
    Origin,
    PlainMessage,
    TestMessage,
    TrialEventMessage,
    TrialHeader,
    WelcomeMessage,
)

ROOM: Final = 256 * 1024  # bytes of JSON for all changes of one message
_ITEMS: Final = 50  # of a list in a change that is shortened
_LETTERS: Final = 2_000  # of a text in it
_DEEPEST: Final = 64
_Fold = list[Json]


def facts_of(message: Message, room: int = ROOM) -> dict[str, Json]:
    """The facts of a message. `code` is its alert's; `registry_id` is null where it is about no single number."""
    content = message.content
    header = content.header if isinstance(content, ChangeMessage | TrialEventMessage) else None
    return {
        "code": message.code,
        "kind": message.kind.value,
        "created_at": _utc(message.created_at),
        "may_be_repeat": message.maybe_repeat,
        "registry_id": header.registry_id if header else None,
        "trial": _trial(header) if header else None,
        **_told(content, room),
    }


def _told(content: Content, room: int) -> dict[str, Json]:
    match content:
        case ChangeMessage():
            told, left = _changes(content.changes, room)
            return {**_origin(content.origin), "changes": told, "changes_left_out": left}
        case TrialEventMessage():
            return {**_origin(content.origin), "sentences": list(content.sentences)}
        case WelcomeMessage():
            return {"trials": [{"registry_id": each.registry_id, **_trial(each)} for each in content.trials]}
        case NoticeMessage():
            return {"items": [{"what": each.what, "trust": each.trust, "todo": each.todo} for each in content.items]}
        case DigestMessage():
            share = room // max(len(content.messages), 1)
            return {"alerts": [facts_of(each, share) for each in content.messages]}
        case PlainMessage() | TestMessage():
            return {}


def _trial(header: TrialHeader) -> dict[str, Json]:
    return {
        "label": header.label,
        "title": header.title,
        "sponsor": header.sponsor,
        "status": header.overall_status,
        "url": header.record_url,
    }


def _origin(origin: Origin) -> dict[str, Json]:
    return {
        "observed_at": _utc(origin.seen_at),
        "posted": origin.posted,
        "from_version": origin.from_version,
        "to_version": origin.to_version,
    }


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _changes(changes: Sequence[Change], room: int) -> tuple[list[Json], int]:
    """As much of each as fits, the gravest first; and how many are left out altogether."""
    whole: list[dict[str, Json]] = [change_json(change) for change in in_telling_order(tuple(changes))]
    forms: tuple[Callable[[dict[str, Json]], dict[str, Json]], ...] = (lambda each: each, _short, _bare)
    for form in forms:
        told = [form(each) for each in whole]
        if _size(told) <= room:
            return list(told), 0
    shown = len(told)
    while shown > 1 and _size(told[:shown]) > room:
        shown -= max(shown // 8, 1)
    return list(told[:shown]), len(told) - shown


def _size(value: Json) -> int:
    """Bytes on the way: whatever is not ASCII is escaped."""
    return len(json.dumps(value))


def _short(change: dict[str, Json]) -> dict[str, Json]:
    """Long lists and texts cut, and named."""
    folded: _Fold = []
    made = {key: _cut(each, key, folded, _DEEPEST) for key, each in change.items()}
    return {**made, "folded": folded} if folded else made


def _bare(change: dict[str, Json]) -> dict[str, Json]:
    """The sentence and its kind, without the values."""
    folded: _Fold = [{"path": key, "given": 0, "of": None} for key in ("before", "after", "detail") if change[key]]
    detail = change["detail"]
    event = detail.get("event") if isinstance(detail, Mapping) else None
    sentence = _cut(change["sentence"], "sentence", folded, 1)
    return {**change, "sentence": sentence, "before": None, "after": None, "detail": {"event": event}, "folded": folded}


def _cut(value: Json, path: str, folded: _Fold, deep: int) -> Json:
    if isinstance(value, str):
        if len(value) > _LETTERS:
            folded.append({"path": path, "given": _LETTERS, "of": len(value)})
        return value[:_LETTERS]
    if isinstance(value, Mapping) and deep:
        return dict(_cut_items(value, path, folded, deep - 1))
    if isinstance(value, list | tuple) and deep:
        if len(value) > _ITEMS:
            folded.append({"path": path, "given": _ITEMS, "of": len(value)})
        return [_cut(each, f"{path}[{n}]", folded, deep - 1) for n, each in enumerate(value[:_ITEMS])]
    return value


def _cut_items(value: JsonObject, path: str, folded: _Fold, deep: int) -> Iterator[tuple[str, Json]]:
    for key, each in value.items():
        yield key, _cut(each, f"{path}.{key}", folded, deep)
