"""A webhook that can leave its sender waiting."""

from __future__ import annotations

from threading import Event

from monitor.demo.loopback import Asked, LoopbackServer, Reply

ALL = 1_000_000


class Hook:
    """It takes what comes; the first `holding` messages are answered when `go_on` is set, all later ones at once."""

    def __init__(self, holding: int = 0) -> None:
        self.came, self.go_on = Event(), Event()
        self.holding = holding
        self.taken: list[str] = []
        self.server = LoopbackServer(self._answer, port=0)

    def _answer(self, asked: Asked) -> Reply:
        self.taken.append(asked.body.decode())
        waits = len(self.taken) <= self.holding
        self.came.set()
        if waits:
            self.go_on.wait(120)
        return Reply(status=200, headers={}, body=b"ok")
