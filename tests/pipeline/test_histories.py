"""Random histories: whatever happens in between, each real change is told once to each recipient, and nothing else.

The registry moves a trial on, spoils its answers, or serves noise; the mirror follows late; runs die between claiming
and sending, or after sending. What the readers got is compared with the script alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from monitor.demo.faults import Fault
from monitor.demo.pages import page_of_text
from monitor.demo.recorded import CD7_PAGE, page_text, versions
from monitor.errors import DestinationDown, SendFailed
from monitor.model.alert import Recipient
from monitor.model.message import ChangeMessage
from monitor.model.version import DEFAULT_LEASE
from monitor.store import batches
from tests.pipeline.world import READER, World, edited, open_world

NCT = "NCT07011550"
PAGE = f"https://ctv.veeva.com/study/{CD7_PAGE}"
SECOND = Recipient(destination="team", address="second@example.org")
STUDY = next(versions(NCT))[1]
TEXT = page_text(CD7_PAGE).replace("NCT04762485", NCT)
FAULTS = (
    Fault(status=500),
    Fault(status=429, headers={"Retry-After": "60"}),
    Fault(status=403, headers={"Retry-After": "60"}),
    Fault(body=b"<html>maintenance</html>", headers={"Content-Type": "text/html"}),
    Fault(cut_after=100),
    Fault(body=b'{"studies": []}'),
)
SENDING = (None, SendFailed("later"), SendFailed("cut", unknown=True), DestinationDown("log-in refused"))


@dataclass(frozen=True)
class Day:
    """`count` is the enrollment that the registry states; if `mirrored`, the page comes to state the one before."""

    count: int
    noise: bool
    fault: Fault | None
    mirrored: bool
    killed: bool
    sending: Sequence[Exception | None]


PHASES = (Phase.explicit, Phase.reuse, Phase.generate)  # a history of passes is too slow to be shrunk

days = st.builds(
    Day,
    count=st.integers(min_value=41, max_value=44),
    noise=st.booleans(),
    fault=st.none() | st.sampled_from(FAULTS),
    mirrored=st.booleans(),
    killed=st.booleans(),
    sending=st.lists(st.sampled_from(SENDING), max_size=3),
)


@dataclass
class Script:
    """What the sources serve, and what a reader is to hear of: each count that a sound pass could see."""

    world: World
    seen: int = 40
    expected: list[tuple[int, int]] = field(default_factory=list)

    def serve(self, number: int, day: Day) -> None:
        enrollment = {"count": day.count, "type": "ESTIMATED"}
        study = edited(STUDY, designModule__enrollmentInfo=enrollment)
        if day.noise:
            study["derivedSection"] = {"miscInfoModule": {"versionHolder": f"2026-11-{number:02d}"}}
            study["protocolSection"]["conditionsModule"]["conditions"].reverse()
        self.world.registry.add_study(study, day=number)
        if day.mirrored:
            self.world.registry.add_page(CD7_PAGE, page(self.seen), day=number)
        if day.fault:
            self.world.registry.faults.always("/studies", day.fault)
        elif day.count != self.seen:
            self.expected.append((self.seen, day.count))
            self.seen = day.count


def page(count: int) -> str:
    return page_of_text(TEXT.replace("20 estimated patients", f"{count} estimated patients"))


def told(world: World, recipient: Recipient) -> list[tuple[int, int]]:
    """Old and new enrollment of each change told for the first time, in order; repeats must say that they may be."""
    codes: set[str] = set()
    found: list[tuple[int, int]] = []
    for message in world.told(recipient):
        assert message.code not in codes or message.maybe_repeat
        if message.code not in codes and isinstance(message.content, ChangeMessage):
            (change,) = message.content.changes
            before: Any = change.before
            after: Any = change.after
            found.append((before["count"], after["count"]))
        codes.add(message.code)
    return found


def live(world: World, script: Script, history: Sequence[Day]) -> None:
    for number, day in enumerate(history, start=2):
        world.later(day=number, hours=25)
        script.serve(number, day)
        world.check()
        world.registry.faults.clear()
        world.box.faults["team"] = list(day.sending)
        if day.killed:
            with world.store.write() as tx:
                batches.claim_next(tx, "team", world.now, DEFAULT_LEASE, "a run that died")
        world.deliver()


def settle(world: World, script: Script, number: int) -> None:
    """A quiet time at the end: all that is open comes to its end."""
    world.box.faults.clear()
    world.registry.set_day(number)
    calm = Day(count=script.seen, noise=False, fault=None, mirrored=False, killed=False, sending=())
    script.serve(number, calm)
    world.registry.add_page(CD7_PAGE, page(script.seen), day=number)
    for _ in range(5):
        world.later(hours=25)
        world.check()
        world.deliver()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=PHASES)
@given(st.lists(days, min_size=2, max_size=7))
def test_each_change_is_told_once_to_each_recipient_and_nothing_else(history: list[Day]) -> None:
    with TemporaryDirectory() as folder:
        registry, store = open_world(Path(folder))
        with registry:
            world = World(registry, store)
            world.team = (READER, SECOND)
            start = edited(STUDY, designModule__enrollmentInfo={"count": 40, "type": "ESTIMATED"})
            registry.add_study(start)
            registry.add_page(CD7_PAGE, page(40))
            world.watch(PAGE)
            world.check()
            script = Script(world)
            live(world, script, history)
            settle(world, script, len(history) + 2)
            assert told(world, READER) == script.expected
            assert told(world, SECOND) == script.expected
            assert not [alert for alert in world.outbox() if alert.state.value != "sent"]
            assert world.verify().disagreements == ()
        store.close()
