"""A body and its record with the data of persons as the store keeps them. Pure.

A study document of the registry stays one, with other values in its entries of persons. A page has no such places:
where it may hold what is not to be kept, its record stands for it, as JSON. Either bears the digest of what the source
gave.
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import orjson

from monitor.model.json import Json
from monitor.model.privacy import Level, strictest
from monitor.model.reading import Body
from monitor.model.record import SECTIONS, TrialRecord
from monitor.model.watch import RecordKey
from monitor.sources import RECORD_TYPE
from monitor.sources.references import public_url
from monitor.text.canonical import section_bytes
from monitor.text.clean import clean
from monitor.text.entries import cleared
from monitor.text.from_sections import record_of
from monitor.text.guard import Guard


def guard_body(key: RecordKey, body: Body, record: TrialRecord | None, guard: Guard) -> Body:
    """The body as it is kept. `record` is what it states; None for a body kept aside that may be no record at all."""
    if guard.idle:
        return body
    if _is_json(body):
        return _other(body, _json(cast("Json", orjson.loads(body.content)), guard), body.media_type, guard)
    if guard.level is Level.FULL and all(text == guard.text(text) for text in _readings(body)):
        return body
    if record is None:  # for people to look at
        return _other(body, guard.text(_readings(body)[-1]).encode(), "text/plain; charset=utf-8", guard)
    return _other(body, pack_record(guard_record(key, record, guard)), RECORD_TYPE, guard)


def guard_record(key: RecordKey, record: TrialRecord, guard: Guard) -> TrialRecord:
    """The record as its guarded body states it."""
    if guard.idle:
        return record
    sections = {name: _json(orjson.loads(content), guard) for name, content in section_bytes(record).items()}
    return replace(
        record_of(
            sections,
            source=key.source,
            registry_id=record.registry_id,
            url=record.url,
            unavailable=record.unavailable,
        ),
        unknown=record.unknown,
    )


def pack_record(record: TrialRecord) -> bytes:
    """A record as a body of its own."""
    facts = {"registry_id": record.registry_id, "url": record.url, "unavailable": dict(record.unavailable)}
    said = {name: orjson.loads(content) for name, content in section_bytes(record).items()}
    return orjson.dumps({**facts, "sections": said}, option=orjson.OPT_SORT_KEYS)


def unpack_record(key: RecordKey, content: bytes) -> TrialRecord:
    """The record that `pack_record` made a body of."""
    document = orjson.loads(content)
    sections = {name: orjson.dumps(document["sections"][name]) for name in SECTIONS if name in document["sections"]}
    return record_of(
        sections,
        source=key.source,
        registry_id=document["registry_id"],
        url=document["url"] or public_url(key),
        unavailable=document["unavailable"],
    )


def _other(body: Body, content: bytes, media_type: str, guard: Guard) -> Body:
    level = strictest(body.level, guard.level)
    if content == body.content:
        return replace(body, level=level)
    return Body(content=content, media_type=media_type, original=body.digest, level=level)


def _json(document: Json, guard: Guard) -> bytes:
    return orjson.dumps(cleared(document, guard))


def _is_json(body: Body) -> bool:
    try:
        return isinstance(orjson.loads(body.content), dict | list)
    except orjson.JSONDecodeError:
        return False


def _readings(body: Body) -> tuple[str, str]:
    """The page as it came, and as people see it: without the tags and entities that may part a name."""
    text = body.content.decode("utf-8", "replace")
    return text, clean(text)
