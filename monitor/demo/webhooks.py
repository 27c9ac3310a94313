"""An HTTP server on loopback that takes webhooks as Slack does, keeps them, and can be told to refuse them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock
from types import TracebackType
from typing import Self

import orjson

from monitor.demo.faults import FaultScript
from monitor.demo.loopback import Asked, LoopbackServer, Reply
from monitor.model.json import Json, JsonObject

SLACK_PATH = "/services"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One webhook that was answered with success: the path and the bytes that were posted."""

    path: str
    headers: Mapping[str, str]
    content: bytes

    @property
    def payload(self) -> JsonObject:
        """The posted JSON object."""
        value: Json = orjson.loads(self.content)
        if not isinstance(value, Mapping):
            raise TypeError("a webhook posts an object")
        return value

    @property
    def text(self) -> str:
        """All text of a Slack message, in the order in which it is shown."""
        return "\n".join(_texts(self.payload))


def _texts(payload: JsonObject) -> Sequence[str]:
    found = [payload[name] for name in ("pretext", "title", "text") if isinstance(payload.get(name), str)]
    parts = payload.get("attachments")
    inner = [part for part in parts if isinstance(part, Mapping)] if isinstance(parts, list) else []
    return [*map(str, found), *(text for part in inner for text in _texts(part))]


class WebhookSink:
    """Takes every POST between `with` and its end. `faults` makes it answer 429, 500 and the like.

    What was refused is counted and not kept.
    """

    def __init__(self, *, port: int = 0) -> None:
        self.faults = FaultScript()
        self._lock = Lock()
        self._hooks: list[Hook] = []
        self._asked = 0
        self._server = LoopbackServer(self._answer, port=port)

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.__exit__(kind, error, trace)

    @property
    def url(self) -> str:
        return self._server.url

    @property
    def port(self) -> int:
        return self._server.port

    @property
    def slack_url(self) -> str:
        """What stands here for Slack's own https://hooks.slack.com/services."""
        return self._server.url + SLACK_PATH

    @property
    def hooks(self) -> Sequence[Hook]:
        with self._lock:
            return tuple(self._hooks)

    @property
    def asked(self) -> int:
        """How many requests came, those refused included."""
        with self._lock:
            return self._asked

    def _answer(self, asked: Asked) -> Reply:
        fault = self.faults.meet(asked.target)
        taken = Reply(headers={"Content-Type": "text/html"}, body=b"ok")
        reply = taken if fault is None else fault.spoil(taken)
        with self._lock:
            self._asked += 1
            if reply.status == HTTPStatus.OK:
                self._hooks.append(Hook(path=asked.target, headers=asked.headers, content=asked.body))
        return reply
