"""What a run is doing when it is killed: small worlds, each taken to the moment before a run worth killing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random

from tests.crash.stage import Stage
from tests.faults.kinds import place
from tests.faults.script import Destination, Script, SinkFault, Where
from tests.faults.world import OPERATOR, build, merged, withdrawn

DESTINATIONS = (
    Destination(name="team", kind="smtp", sink="mail", recipients=("team@example.org",)),
    Destination(name="hook", kind="json", sink="web", recipients=("hook",)),
    OPERATOR,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """`prepare` takes the course to where the run of `verb` is the next thing to happen."""

    script: Callable[[int], Script]
    prepare: Callable[[Stage], None]
    verb: str = "check"


def _world(
    seed: int, *, days: int, registry: int | None = None, pages: int | None = None, share: float = 1.0
) -> Script:
    """One or two trials, unless told otherwise: the same for the same seed."""
    chance = Random(seed)
    first = chance.choice((1, 1, 2))
    page = chance.choice((0, 0, 1)) if first == 1 else 0
    return build(
        seed,
        registry=first if registry is None else registry,
        pages=page if pages is None else pages,
        days=days,
        share=share,
        destinations=DESTINATIONS,
    )


def _nothing(_stage: Stage) -> None:
    """The store is still to be made."""


def _a_day(stage: Stage) -> None:
    stage.check()
    stage.next_day()


def _two_days(stage: Stage) -> None:
    _a_day(stage)
    _a_day(stage)


def _three_days(stage: Stage) -> None:
    _two_days(stage)
    _a_day(stage)


def _refused_yesterday(stage: Stage) -> None:
    """What was to be told is planned and waits for its next try."""
    _a_day(stage)
    _away(stage, "mail", "web")
    stage.check()
    _back(stage, "mail", "web")
    stage.clock.pass_time(hours=7)


def _refused_just_now(stage: Stage) -> None:
    """The same, without time passing."""
    _a_day(stage)
    _away(stage, "mail", "web")
    stage.check()
    _back(stage, "mail", "web")


def _mail_was_away(stage: Stage) -> None:
    _a_day(stage)
    _away(stage, "mail")
    for day, _ in pairwise(range(2, stage.script.days + 1)):
        stage.check()
        stage.next_day()
        assert stage.clock.read().day == day + 1
    _back(stage, "mail")


def _away(stage: Stage, *sinks: str) -> None:
    for sink in sinks:
        stage.sinks[sink].stop()


def _back(stage: Stage, *sinks: str) -> None:
    for sink in sinks:
        stage.sinks[sink].start()


def _gone(seed: int) -> Script:
    script = _world(seed, days=4, registry=2, pages=0, share=0.2)
    return withdrawn(script, script.trials[0].number, 2)


def _merged(seed: int) -> Script:
    script = _world(seed, days=2, registry=2, pages=0, share=0.0)
    return merged(script, script.trials[0].number, script.trials[1].number, 2)


def _captcha(seed: int) -> Script:
    script = _world(seed, days=3, registry=seed % 2, pages=1, share=0.5)
    return replace(script, faults=(place("captcha", Where(ask="page", days=(2, 2), last=None)),))


def _refusing(seed: int) -> Script:
    """On day 2 either sink refuses, or cuts the line, once."""
    chance = Random(seed)
    mail = chance.choice(
        (
            SinkFault(sink="mail", stage="connect", answer="421 Busy"),
            SinkFault(sink="mail", stage="rcpt", answer="450 Greylisted"),
            SinkFault(sink="mail", stage="end", answer="452 Full"),
            SinkFault(sink="mail", ends="close", takes=True),
            SinkFault(sink="mail", ends="close"),
        )
    )
    web = chance.choice(
        (
            SinkFault(sink="web", status=500, body=""),
            SinkFault(sink="web", status=429, headers={"Retry-After": "1"}, body="slow down"),
            SinkFault(sink="web", ends="close", takes=True),
        )
    )
    faults = tuple(replace(each, days=(2, 2)) for each in (mail, web))
    return replace(_world(seed, days=2), sink_faults=faults)


SCENES: Mapping[str, Scene] = {
    "first sight": Scene(script=lambda seed: _world(seed, days=1), prepare=_nothing),
    "changes": Scene(script=lambda seed: _world(seed, days=2), prepare=_a_day),
    "due": Scene(script=lambda seed: _world(seed, days=2), prepare=_a_day, verb="due"),
    "deliver": Scene(script=lambda seed: _world(seed, days=2), prepare=_refused_yesterday, verb="deliver"),
    "refusals": Scene(script=_refusing, prepare=_a_day),
    "gone": Scene(script=_gone, prepare=_three_days),
    "merged": Scene(script=_merged, prepare=_a_day),
    "captcha": Scene(script=_captcha, prepare=_a_day),
    "read again": Scene(script=_captcha, prepare=_two_days),
    "backlog": Scene(script=lambda seed: _world(seed, days=8, registry=4, pages=0), prepare=_mail_was_away),
}

AT_ONCE: Mapping[str, Scene] = {
    "first sight": SCENES["first sight"],
    "changes": SCENES["changes"],
    "merged": SCENES["merged"],
    "captcha": SCENES["captcha"],
    "deliver": Scene(script=lambda seed: _world(seed, days=2), prepare=_refused_just_now, verb="deliver"),
}
"""Scenes in which no time passes, for the program itself, whose clock nobody sets."""
