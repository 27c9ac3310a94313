"""K2: the moments of digests in every zone of the world at every change of its clocks from 2000 to 2037.

MISSED    a day without its digest
DOUBLED   a day with two
OTHER     a digest at another instant than the first one at which the clock on the wall shows its time, or a later one
LATEST    the last moment up to an instant is not the one that came before it
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from monitor.route.schedule import Schedule
from tests.clocks.zones import SEEDS, Zone
from tests.sweep.sweep import Outcome, Sweep

TIMES: Final = (time(0, 0), time(0, 30), time(2, 30), time(8, 0), time(23, 45))
SPAN: Final = timedelta(days=3)
MINUTE: Final = timedelta(minutes=1)


def walls(transition: datetime, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """Each minute around a change, and what the clock on the wall shows then."""
    begin = (transition - SPAN).replace(second=0, microsecond=0)
    minutes = [begin + n * MINUTE for n in range(2 * SPAN // MINUTE)]
    return [(minute, minute.astimezone(zone).replace(tzinfo=None)) for minute in minutes]


def reached(shown: list[tuple[datetime, datetime]], at: time) -> list[datetime]:
    """For each day that there is: the first minute at which its clock shows this time or a later one."""
    days = sorted({wall.date() for _, wall in shown})[1:-1]  # of the first and the last one a part is seen
    due = iter([datetime.combine(day, at) for day in days])
    found, wanted = list[datetime](), next(due, None)
    for minute, wall in shown:
        while wanted and wall >= wanted:
            found.append(minute)
            wanted = next(due, None)
    return found


def judge(zone: Zone, transition: datetime) -> Iterator[str]:
    shown = walls(transition, zone.info)
    for at in TIMES:
        schedule = Schedule(at=at, zone=zone.info)
        wanted = reached(shown, at)
        told = list(_moments(schedule, wanted[0] - MINUTE, wanted[-1]))
        about = f"{zone.name} {schedule} around {transition}"
        if len(told) < len(wanted):
            yield f"MISSED: {about}: {len(told)} of {len(wanted)}"
        elif len(told) > len(wanted):
            yield f"DOUBLED: {about}: {told}"
        elif any(abs(one - other) >= MINUTE for one, other in zip(told, wanted, strict=True)):
            yield f"OTHER: {about}: {told}, not {wanted}"
        elif [schedule.latest(each) for each in told] != told or schedule.latest(told[1] - MINUTE) != told[0]:
            yield f"LATEST: {about}"
        zone.counts["digests"] += len(told)


def _moments(schedule: Schedule, begin: datetime, end: datetime) -> Iterator[datetime]:
    moment = schedule.after(begin)
    while moment <= end:
        yield moment
        moment = schedule.after(moment)


def run(seed: int, folder: Path) -> Outcome:
    """A part of the zones; the folder is not needed."""
    del folder
    return judged(sorted(available_timezones())[seed % SEEDS :: SEEDS])


def judged(names: list[str]) -> Outcome:
    counts: Counter[str] = Counter()
    faults: list[str] = []
    for name in names:
        zone = Zone(name)
        for transition in zone.transitions():
            zone.counts["transitions"] += 1
            faults += judge(zone, transition)
        zone.counts["zones"] += 1
        counts += zone.counts
    return Outcome(counts=counts, faults=faults, shapes=names)


SWEEP = Sweep(
    name="digest-times",
    what="The moments of digests in every zone at every change of its clocks from 2000 to 2037.",
    seeds=SEEDS,
    goal={"zones": 500, "transitions": 15_000, "digests": 300_000},
    run=run,
)
