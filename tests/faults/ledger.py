"""What the outside got, message by message: the ground truth of deliveries. Durable before the sender hears of it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, Literal, TypeAlias

from tests.faults.clock import SharedClock
from tests.faults.journal import Journal, entries
from tests.faults.script import SinkFault, falls

Outcome: TypeAlias = Literal["taken", "refused", "unknown"]
"""What the sender was told: yes, no, or nothing that it could rely on after it had handed the message over."""

ALERT = re.compile(r"\bAlert ([0-9A-Z]{4}-[0-9A-Z]{4})\b")
_ANY_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as a person reads it. `text` is the plain text, `title` the subject; lines are kept."""

    title: str
    text: str
    message_id: str

    @property
    def alert(self) -> str:
        """The alert that the message says it is; empty if it says none."""
        found = ALERT.findall(_ANY_SPACE.sub(" ", self.text))
        return str(found[-1]) if found else ""


def read_mail(content: bytes) -> Message:
    mail = message_from_bytes(content, policy=policy.default)
    part = mail.get_body(preferencelist=("plain",))
    text = "" if part is None else str(part.get_content()).replace("\r\n", "\n")
    return Message(title=str(mail["Subject"] or ""), text=text, message_id=str(mail["Message-ID"] or ""))


def read_hook(content: bytes) -> Message:
    """A webhook's JSON: title and message, or Slack's text and attachments."""
    try:
        payload = json.loads(content)
    except ValueError:
        payload = {"message": content.decode("utf-8", "replace")}
    lines = [text for name in ("title", "message", "text") if isinstance(text := payload.get(name), str)]
    for part in payload.get("attachments") or []:
        if isinstance(part, Mapping):
            lines += [str(part[name]) for name in ("pretext", "title", "text") if part.get(name)]
    return Message(title=str(payload.get("title") or ""), text="\n".join(lines), message_id="")


class Ledger:
    """One sink's entries. A sink that died goes on counting where it was: the count is that of the file."""

    def __init__(self, path: Path, sink: str, clock: SharedClock, faults: tuple[SinkFault, ...]) -> None:
        self._sink, self._clock, self._path = sink, clock, path
        self._faults = [fault for fault in faults if fault.sink == sink]
        self._journal = Journal(path, durable=True)
        self.recount()

    def recount(self) -> None:
        """Take the counts of the faults from the file."""
        self._counts: dict[int, int] = {}
        for entry in entries(self._path):
            if entry["event"] == "met":
                self._counts[entry["fault"]] = self._counts.get(entry["fault"], 0) + 1

    def meet(self, recipient: str | None, stages: tuple[str, ...]) -> SinkFault | None:
        """The first fault that this session or message meets; each fault counts what fits it."""
        day = self._clock.read().day
        met: SinkFault | None = None
        for n, fault in enumerate(self._faults):
            if fault.stage not in stages or not falls(1, day, 1, None, fault.days):
                continue
            if fault.recipient is not None and fault.recipient != recipient:
                continue
            self._counts[n] = self._counts.get(n, 0) + 1
            self._journal.add(event="met", sink=self._sink, fault=n)
            if met is None and falls(self._counts[n], day, fault.first, fault.last, fault.days):
                met = fault
        return met

    def keep(self, recipient: str, content: bytes, message: Message, ending: Mapping[str, Any], began: float) -> None:
        """`ending` has outcome, accepted, cut and what was answered; `began` is when the connection was met.

        That of a webhook also has `gone`: its sender had closed its end before it was answered.
        """
        turn = self._clock.read()
        self._journal.add(
            event="message",
            sink=self._sink,
            day=turn.day,
            now=self._clock().timestamp(),
            began=began,
            recipient=recipient,
            alert=message.alert,
            message_id=message.message_id,
            digest=hashlib.sha256(content).hexdigest(),
            title=message.title,
            text=message.text,
            **ending,
        )

    def close(self) -> None:
        self._journal.close()
