"""K2: the days and moments of every zone of the world at every change of its clocks from 2000 to 2037.

UNSORTED      a day that begins before the day before it
NOT_ONE_DAY   an instant that belongs to no day, or to two
OTHER_DAY     an instant that is shown under another day than the one it belongs to, though its clock was not set back
              over midnight
NO_DAY        a day without an instant, which its zone did not leave out
SAME_WORDS    two minutes of the years to come that are shown in the same words
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from monitor.cli import days
from monitor.cli.days import day_of, end_of, start_of
from monitor.deliver.render import words
from tests.sweep.sweep import Outcome, Sweep

FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)
TO_COME: Final = datetime(2026, 1, 1, tzinfo=UTC)
STEP: Final = timedelta(days=3)  # no zone changes its clock there and back within this
AROUND: Final = [timedelta(minutes=n) for n in range(-200, 200, 7)]
SEEDS: Final = 30
DAY: Final = timedelta(days=1)
TICK: Final = timedelta(microseconds=1)
Show = Callable[[datetime, ZoneInfo], str]
SHOWN: Final[tuple[Show, ...]] = (days.show_moment, words.show_moment)


@dataclass(slots=True)
class Zone:
    """One zone, and what is found about it."""

    name: str
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def info(self) -> ZoneInfo:
        return ZoneInfo(self.name)

    def state(self, moment: datetime) -> tuple[timedelta | None, str | None]:
        local = moment.astimezone(self.info)
        return local.utcoffset(), local.tzname()

    def transitions(self) -> Iterator[datetime]:
        """The seconds at which the zone's clocks or their name change."""
        at = FIRST
        while at < LAST:
            if self.state(at) != self.state(at + STEP):
                yield self._between(at, at + STEP)
            at += STEP

    def _between(self, before: datetime, after: datetime) -> datetime:
        state = self.state(before)
        while after - before > timedelta(seconds=1):
            middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
            before, after = (middle, after) if self.state(middle) == state else (before, middle)
        return after

    def judge(self) -> None:
        self.counts["zones"] += 1
        for transition in self.transitions():
            self.counts["transitions"] += 1
            self._judge_days(transition)
            self._judge_instants(transition)
            if transition >= TO_COME:
                self._judge_words(transition)
        self._judge_all_days()

    def _judge_days(self, transition: datetime) -> None:
        """The days around a change."""
        for n in range(-2, 3):
            day = day_of(transition, self.info) + n * DAY
            begins, ends = start_of(day, self.info), end_of(day, self.info)
            self.counts["days"] += 1
            if begins == ends and self._leaves_out(day, transition):
                self.counts["days left out"] += 1
            elif begins >= ends:
                self.faults.append(f"NO_DAY: {self.name} {day}")
            elif day_of(begins, self.info) != day or self._strays(ends - TICK, day):
                self.faults.append(f"OTHER_DAY: {self.name} {day} from {begins} to {ends}")

    def _leaves_out(self, day: date, transition: datetime) -> bool:
        """True if the zone went from the day before to the day after."""
        before, after = day_of(transition - TICK, self.info), day_of(transition, self.info)
        return before < day < after

    def _strays(self, instant: datetime, day: date) -> bool:
        """True if an instant that belongs to `day` is shown under another, without a clock set back over midnight."""
        return day_of(instant, self.info) != day and not self._was_set_back(instant, day)

    def _was_set_back(self, instant: datetime, day: date) -> bool:
        """True if it was `day` already before, and the clock of the zone went back to the day before since."""
        local = instant.astimezone(self.info)
        earlier = day_of(instant - timedelta(hours=2), self.info), day_of(instant, self.info)
        between = [day_of(instant - timedelta(minutes=n), self.info) for n in range(120)]
        return earlier[1] == day - DAY and day in between and local.date() == day - DAY

    def _judge_instants(self, transition: datetime) -> None:
        near = [day_of(transition, self.info) + n * DAY for n in range(-3, 4)]
        spans = [(day, start_of(day, self.info), end_of(day, self.info)) for day in near]
        for instant in chain((transition - TICK, transition), (transition + each for each in AROUND)):
            self.counts["instants"] += 1
            mine = [day for day, begins, ends in spans if begins <= instant < ends]
            if len(mine) != 1:
                self.faults.append(f"NOT_ONE_DAY: {self.name} {instant} is of {mine}")
            elif day_of(instant, self.info) != mine[0]:
                self.counts["set back over midnight"] += 1
                if self._strays(instant, mine[0]):
                    self.faults.append(f"OTHER_DAY: {self.name} {instant} is of {mine[0]}")

    def _judge_words(self, transition: datetime) -> None:
        for show in SHOWN:
            minutes = [transition + timedelta(minutes=n) for n in range(-90, 90, 3)]
            same = [text for text, times in Counter(show(each, self.info) for each in minutes).items() if times > 1]
            self.faults += [f"SAME_WORDS: {self.name} {text!r} by {show.__module__}" for text in same]

    def _judge_all_days(self) -> None:
        """Each day of all these years begins when the one before it ends."""
        begins, day = start_of(FIRST.date(), self.info), FIRST.date()
        while day < LAST.date():
            ends = end_of(day, self.info)
            if ends < begins:
                self.faults.append(f"UNSORTED: {self.name} {day}")
            begins, day = ends, day + DAY
            self.counts["days"] += 1


def run(seed: int, folder: Path) -> Outcome:
    """A part of the zones; the folder is not needed."""
    del folder
    counts: Counter[str] = Counter()
    faults: list[str] = []
    names = sorted(available_timezones())[seed % SEEDS :: SEEDS]
    for name in names:
        zone = Zone(name)
        zone.judge()
        counts += zone.counts
        faults += zone.faults
    return Outcome(counts=counts, faults=faults, shapes=names)


SWEEP = Sweep(
    name="zones",
    what="Days and moments in every zone at every change of its clocks from 2000 to 2037.",
    seeds=SEEDS,
    goal={"zones": 500, "transitions": 15_000},
    run=run,
)
