"""What a run is: the trials and their true versions, the faults of the sources and of the sinks. Declarative, JSON.

Nothing here knows the monitor: the servers play it and the checker judges by it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

Host: TypeAlias = Literal["ctgov", "ctv"]
Ask: TypeAlias = Literal["version", "list", "study", "page", "other"]
Framing: TypeAlias = Literal["length", "chunked", "close", "broken chunk", "endless", "huge length"]
Coding: TypeAlias = Literal["gzip", "cut gzip", "bomb", "twice", "foreign", "mislabelled"]
Redirect: TypeAlias = Literal["loop", "other trial", "login", "other host"]
State: TypeAlias = Literal["present", "gone", "merged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What holds from `day` on: edits of the base record by dotted path below protocolSection (None: not there).

    `shows` are the planted fields, each with the word by which a message shows its value: what differs between two
    versions is what a reader who saw both must be told, and nothing else is. A merged trial lives on as `into`.
    """

    day: int
    edits: Mapping[str, Any] = field(default_factory=dict)
    shows: Mapping[str, str] = field(default_factory=dict)
    state: State = "present"
    into: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One watched trial, followed at the registry or, with a `slug`, by its page alone.

    With a `lag` it is followed at both: its page shows each version so many days after the registry.
    """

    number: str
    base: str
    versions: tuple[Version, ...]
    slug: str | None = None
    lag: int | None = None

    @property
    def name(self) -> str:
        """How reports name the record of which readers are told."""
        return f"ctv.veeva.com/study/{self.slug}" if self.slug and self.lag is None else self.number

    @property
    def reference(self) -> str:
        """What is watched."""
        return f"https://ctv.veeva.com/study/{self.slug}" if self.slug else self.number

    def at(self, day: int) -> int:
        """The index of the version that holds on `day`."""
        return max((n for n, version in enumerate(self.versions) if version.day <= day), default=0)

    def on_page(self, day: int) -> int:
        """The index of the version that its page shows on `day`."""
        return self.at(day - (self.lag or 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Which requests meet a fault: those that fit all that is named, from `first` to `last` of them (None: all).

    A request of a list is one for each trial in it. `days` are the first and last day on which requests are counted.
    """

    host: Host | None = None
    ask: Ask | None = None
    trial: str | None = None
    first: int = 1
    last: int | None = 1
    days: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """How an answer is spoilt; what is not named stays as it would have been.

    `body` names one of `bodies.BODIES`; in a list it changes the trial named by the fault alone. A header "date+120"
    becomes the HTTP date so many seconds from now. `cut_after` bytes of the body the connection ends;
    `stall_after` bytes nothing comes any more. `rate` is in bytes a second.
    """

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    coding: Coding | None = None
    framing: Framing = "length"
    redirect: Redirect | None = None
    delay: float = 0.0
    rate: float | None = None
    cut_after: int | None = None
    stall_after: int | None = None
    hang_up: bool = False

    @property
    def spoils(self) -> bool:
        """False if the answer is still the true one, however slow or oddly framed."""
        kept = self.coding in (None, "gzip") and self.framing in ("length", "chunked", "close")
        whole = self.cut_after is None and self.stall_after is None and not self.hang_up
        return not (kept and whole) or any(each is not None for each in (self.status, self.body, self.redirect))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    name: str
    where: Where
    act: Act


@dataclass(frozen=True, slots=True, kw_only=True)
class SinkFault:
    """What a sink does to its messages from the `first` to the `last` (None: all) of those that fit, on these days.

    SMTP: `stage` is where: connect, helo, mail, rcpt, data (in place of 354) or end (after the final dot). `answer` is
    the line said there ("451 Later"). HTTP: `status`, `headers`, `body`. `ends` "close", "hang" or "die" in place of an
    answer; with `takes` the message is kept all the same.
    """

    sink: str
    first: int = 1
    last: int | None = 1
    days: tuple[int, int] | None = None
    recipient: str | None = None
    stage: Literal["connect", "helo", "mail", "rcpt", "data", "end"] = "end"
    answer: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = "ok"
    ends: Literal["answer", "close", "hang", "die"] = "answer"
    takes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A destination of the configuration: `kind` is how its one sink is spoken to. `operator` ones hear no changes.

    No two destinations share a recipient: a mail's address, or the path to which a webhook posts.
    """

    name: str
    kind: Literal["smtp", "json"]
    sink: str
    recipients: tuple[str, ...]
    operator: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedNotice:
    """The operator is to hear of this by the end of `by`: a message that holds every one of `words`."""

    words: tuple[str, ...]
    since: int
    by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    seed: int
    days: int
    trials: tuple[Trial, ...]
    destinations: tuple[Destination, ...]
    faults: tuple[Fault, ...] = ()
    sink_faults: tuple[SinkFault, ...] = ()
    notices: tuple[ExpectedNotice, ...] = ()
    requests_per_second: float = 0.0

    def trial(self, number: str) -> Trial:
        return next(trial for trial in self.trials if trial.number == number)

    def recipients(self, *, operator: bool) -> Iterator[tuple[Destination, str]]:
        for destination in self.destinations:
            if destination.operator is operator:
                yield from ((destination, recipient) for recipient in destination.recipients)

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")


def read_script(path: Path) -> Script:
    """The script that `Script.write` wrote."""
    raw = json.loads(path.read_bytes())
    return Script(
        seed=raw["seed"],
        days=raw["days"],
        trials=tuple(_trial(each) for each in raw["trials"]),
        destinations=tuple(_of(Destination, each) for each in raw["destinations"]),
        faults=tuple(
            Fault(name=each["name"], where=_of(Where, each["where"]), act=_of(Act, each["act"]))
            for each in raw["faults"]
        ),
        sink_faults=tuple(_of(SinkFault, each) for each in raw["sink_faults"]),
        notices=tuple(_of(ExpectedNotice, each) for each in raw["notices"]),
        requests_per_second=raw["requests_per_second"],
    )


def _trial(raw: Mapping[str, Any]) -> Trial:
    return Trial(**{**raw, "versions": tuple(Version(**each) for each in raw["versions"])})


def _of(kind: type[Any], raw: Mapping[str, Any]) -> Any:
    """A value of `kind`; JSON has lists where we have tuples."""
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()})


def falls(n: int, day: int, first: int, last: int | None, days: tuple[int, int] | None) -> bool:
    """True if the n-th event, on `day`, is one of those meant."""
    return first <= n and (last is None or n <= last) and (days is None or days[0] <= day <= days[1])
