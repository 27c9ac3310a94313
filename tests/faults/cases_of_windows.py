"""More runs made by hand: kills a moment before or after a message was met, and notices that a digest tells late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from tests.faults.cases import BACK, FIRST, OUT, REPEAT, STANDS_IN, notice, with_messages
from tests.faults.evidence import Evidence, Run
from tests.faults.made import DAY, NUMBER, READER, digest, run

KILLED = run(2, ended=DAY + 4.5, killed=DAY + 4)
EARLIER, LATER = run(2, ended=DAY + 1.5), replace(KILLED, began=DAY + 2)
NEXT = run(2, began=DAY + 4.6, ended=DAY + 70)


def after_kill(*, began: float, runs: Sequence[Run] = (KILLED, NEXT), gone: bool = False) -> Evidence:
    """A message that a sink met so late, `gone` if its sender had closed the line; another run sends it again."""
    late = {**FIRST, "began": began, "at": began + 0.1, "gone": gone}
    return replace(with_messages(late, REPEAT), runs=[run(1), *runs])


TOLD_AT = datetime(2026, 11, 22, 12, 50, tzinfo=UTC).timestamp()
LATE_OUT = digest("GGGG-0001", OUT, at=3 * DAY, now=TOLD_AT)
TOO_EARLY = notice("CCCC-0007", f"{NUMBER} was kept aside.", minute=5, recipient=READER)

SOUND = {
    "a repeat of what a sink met while its sender died": after_kill(began=DAY + 4.3),
    "a repeat of what a sink met when its sender was dead": after_kill(began=DAY + 4.7, gone=True),
    "a notice to a reader, who hears why in a later digest": with_messages(FIRST, STANDS_IN, LATE_OUT, BACK),
}

BROKEN = {
    "REPEAT, twice while its sender died": replace(
        after_kill(began=DAY + 4.1),
        messages=[
            {**FIRST, "began": DAY + 4.1, "at": DAY + 4.2},
            {**REPEAT, "began": DAY + 4.3, "at": DAY + 4.4},
            REPEAT,
        ],
    ),
    "REPEAT, of what was sent after a kill": after_kill(began=DAY + 4.7),
    "REPEAT, of what nobody waited for, and nothing was killed": after_kill(
        began=DAY + 4.7, gone=True, runs=[run(2, ended=DAY + 70)]
    ),
    "REPEAT, of what nobody waited for before the run that was killed": after_kill(
        began=DAY + 0.5, gone=True, runs=[EARLIER, LATER, NEXT]
    ),
    "REPEAT, of what nobody waited for long after a kill": after_kill(began=DAY + 6.1, gone=True),
    "WRONG_RECIPIENT, before what a digest tells": with_messages(FIRST, TOO_EARLY, LATE_OUT, BACK),
}
