"""Messages that only try a way to a recipient: the test, and a sample of each kind, made of a trial that is made up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from monitor.errors import DestinationDown, SendError, SendFailed
from monitor.model.alert import AlertKind, Recipient
from monitor.model.change import Change
from monitor.model.message import (
    ChangeMessage,
    Content,
    DigestMessage,
    Message,
    NoticeItem,
    NoticeMessage,
    Origin,
    TestMessage,
    TrialEventMessage,
    TrialHeader,
    WelcomeMessage,
)
from monitor.model.record import TrialRecord
from monitor.pipeline import facts, sample_trial
from monitor.pipeline.aside import run_aside
from monitor.pipeline.post import Post
from monitor.sources.references import SITE_NAMES
from monitor.store.alert_key import sample_code

KINDS: Final = (
    AlertKind.TEST,
    AlertKind.CHANGE,
    AlertKind.CORRECTION,
    AlertKind.WELCOME,
    AlertKind.GONE,
    AlertKind.DIGEST,
    AlertKind.NOTICE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A sample that was handed over under this code, or why it was not."""

    kind: AlertKind
    code: str
    error: SendError | None = None

    @property
    def is_last(self) -> bool:
        """True if no other sample would be taken now either."""
        if isinstance(self.error, SendFailed):
            return self.error.unreached or self.error.retry_after is not None
        return isinstance(self.error, DestinationDown)


async def send_test(post: Post, recipient: Recipient, now: datetime) -> str:
    """Hand a test message to one recipient, at once and past the outbox; its code. Raises SendError."""
    message = Message(
        code=sample_code(recipient, now, AlertKind.TEST.value),
        kind=AlertKind.TEST,
        content=TestMessage(destination=recipient.destination),
        created_at=now,
        timezone=post.timezone(recipient),
    )
    await _send(post, recipient, message)
    return message.code


async def send_samples(post: Post, recipient: Recipient, kinds: Sequence[AlertKind], now: datetime) -> list[Tried]:
    """Hand a sample of each kind to one recipient, past the outbox; what came of each.

    After one that shows that nothing is taken there now the rest is not tried.
    """
    tried: list[Tried] = []
    pause = 0.0
    for kind in kinds:
        await asyncio.sleep(pause)
        message = sample(kind, post, recipient, now)
        error: SendError | None = None
        try:
            pause = await _send(post, recipient, message)
        except SendError as fault:
            error = fault
        tried.append(Tried(kind=kind, code=message.code, error=error))
        if tried[-1].is_last:
            break
    return tried


async def _send(post: Post, recipient: Recipient, message: Message) -> float:
    """Hand it over; the least time until the next one."""
    channel = await run_aside(lambda: post.open(recipient))
    hand_over = await run_aside(lambda: channel.write(message))
    await run_aside(hand_over)
    return channel.pause


def sample(kind: AlertKind, post: Post, recipient: Recipient, now: datetime) -> Message:
    """A sample of a kind of `KINDS` for one recipient; change and correction are one conversation."""
    return Message(
        code=sample_code(recipient, now, kind.value),
        kind=kind,
        content=_CONTENTS[kind](recipient, post, now),
        created_at=now,
        timezone=post.timezone(recipient),
        thread=f"sample {now.isoformat()}" if kind in (AlertKind.CHANGE, AlertKind.CORRECTION) else None,
        sample=True,
    )


def _header(record: TrialRecord) -> TrialHeader:
    return TrialHeader(
        registry_id=record.registry_id,
        title=record.identification.brief_title or sample_trial.NUMBER,
        label=sample_trial.LABEL,
        sponsor=record.sponsor.lead,
        phases=record.design.phases,
        overall_status=record.status.overall,
        site_count=record.locations.count,
        single_site_city=record.locations.sites[0].city,
        record_url=record.url,
        compare_url=None,
    )


def _origin(record: TrialRecord, now: datetime, version: int) -> Origin:
    posted = record.dates.last_update_posted
    return Origin(
        seen_at=now,
        posted=posted.date if posted else None,
        data_timestamp=None,
        from_version=version - 1,
        to_version=version,
        reasons=("samples of all kinds of messages were asked for",),
    )


def _of_changes(changes: Sequence[Change], version: int, now: datetime) -> ChangeMessage:
    record = sample_trial.records()[version - 1]
    return ChangeMessage(
        header=_header(record),
        changes=tuple(changes),
        origin=_origin(record, now, version),
        unchanged=facts.unchanged_phrases(record, changes),
    )


def _change(_recipient: Recipient, _post: Post, now: datetime) -> Content:
    return _of_changes(sample_trial.changes(), 2, now)


def _correction(_recipient: Recipient, _post: Post, now: datetime) -> Content:
    return _of_changes(sample_trial.corrections(), 3, now)


def _gone(_recipient: Recipient, _post: Post, now: datetime) -> Content:
    record = sample_trial.records()[-1]
    names = {"name": sample_trial.NUMBER, "site": SITE_NAMES[record.source], "into": ""}
    return TrialEventMessage(
        header=_header(record), sentences=facts.event_sentences("gone", names), origin=_origin(record, now, 3)
    )


def _digest(recipient: Recipient, post: Post, now: datetime) -> Content:
    inside = (AlertKind.CHANGE, AlertKind.CORRECTION, AlertKind.GONE)
    zone = post.timezone(recipient)
    return DigestMessage(
        messages=tuple(
            Message(
                code=sample_code(recipient, now, f"digest {kind.value}"),
                kind=kind,
                content=_CONTENTS[kind](recipient, post, now),
                created_at=now,
                timezone=zone,
            )
            for kind in inside
        )
    )


_NOTICE: Final = NoticeItem(
    what=f"{sample_trial.NUMBER} could not be checked for a day: the registry did not answer (made up).",
    trust="Not for this trial: it may have changed. All others were checked.",
    todo="Nothing. It is asked again at each pass, and you hear when it is checked again.",
)
_CONTENTS: Final[Mapping[AlertKind, Callable[[Recipient, Post, datetime], Content]]] = {
    AlertKind.TEST: lambda recipient, _post, _now: TestMessage(destination=recipient.destination),
    AlertKind.CHANGE: _change,
    AlertKind.CORRECTION: _correction,
    AlertKind.WELCOME: lambda *_: WelcomeMessage(trials=(_header(sample_trial.records()[0]),)),
    AlertKind.GONE: _gone,
    AlertKind.DIGEST: _digest,
    AlertKind.NOTICE: lambda *_: NoticeMessage(items=(_NOTICE,)),
}
