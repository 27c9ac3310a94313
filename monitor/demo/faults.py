"""What a test or the demo may make a recorded source say instead of, or around, its true answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock

from monitor.demo.loopback import Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A spoilt answer. What is None stays as the source would have said it.

    `alter` changes the true body; `cut_after` ends the connection after so many bytes of the body that was promised.
    """

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    alter: Callable[[bytes], bytes] | None = None
    cut_after: int | None = None
    delay_seconds: float = 0.0

    def spoil(self, reply: Reply) -> Reply:
        """`reply` as this fault lets it through."""
        body = reply.body if self.body is None else self.body
        return replace(
            reply,
            status=reply.status if self.status is None else self.status,
            headers={**reply.headers, **self.headers},
            body=body if self.alter is None else self.alter(body),
            cut_after=self.cut_after,
            delay_seconds=self.delay_seconds,
        )


class FaultScript:
    """Faults by the part of a request's target that they meet, and by the n-th request that holds that part."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._steps: dict[str, list[Fault | None]] = {}
        self._always: dict[str, Fault] = {}

    def once(self, part: str, *steps: Fault | None) -> None:
        """The next requests whose target holds `part` meet `steps` in order; None is the true answer."""
        with self._lock:
            self._steps.setdefault(part, []).extend(steps)

    def always(self, part: str, fault: Fault) -> None:
        """Every request whose target holds `part` meets `fault`, until `clear`."""
        with self._lock:
            self._always[part] = fault

    def clear(self, parts: Sequence[str] = ()) -> None:
        """Forget the faults of `parts`, or all of them."""
        with self._lock:
            for part in parts or (*self._steps, *self._always):
                self._steps.pop(part, None)
                self._always.pop(part, None)

    def meet(self, target: str) -> Fault | None:
        """The fault that this request meets; a step is used up by it."""
        with self._lock:
            for part, steps in self._steps.items():
                if steps and part in target:
                    return steps.pop(0)
            return next((fault for part, fault in self._always.items() if part in target), None)
