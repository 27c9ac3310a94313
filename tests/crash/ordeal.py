"""One world, killed again and again from the same moment, and judged each time by what the outside saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.crash.scenes import Scene
from tests.crash.stage import Stage, Standing
from tests.faults.checker import judge
from tests.faults.course import Ran
from tests.sweep.sweep import Outcome

_SHOWN = 300  # characters of an anomaly
_SAID = 1500  # characters of what a run or `verify` had to say


@dataclass(slots=True, kw_only=True)
class Ordeal:
    """A world in a scene, and what came of its kills so far. `prepare` comes first."""

    stage: Stage
    name: str
    scene: Scene
    standing: Standing = field(init=False)
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    shapes: list[str] = field(default_factory=list)

    def prepare(self) -> None:
        """Go to where every row of kills begins, and see that all is well there without a kill."""
        stage = self.stage
        stage.order = {"warm": True}
        self.scene.prepare(stage)
        self.standing = stage.standing()
        self.run()
        self.end([])

    def moments(self) -> list[str]:
        """The moments of the run that is to be killed, by name; their numbers begin with 1."""
        self.run()
        self.stage.take_back(self.standing)
        return self.stage.met

    def row(self, moments: Sequence[int]) -> None:
        """Kill the run, and those that recover from it, at these moments; then let one come to its end, and judge."""
        killed: list[str] = []
        for at in moments:
            self.stage.order = {"kill_at": at}
            if self.run()["killed"] is None:
                break
            killed.append(f"{at} ({self.stage.where})")
        self.end(killed)

    def run(self) -> Ran:
        """The run that the scene is about."""
        verb = self.scene.verb
        return self.stage.deliver() if verb == "deliver" else self.stage.check(due=verb == "due")

    def end(self, killed: Sequence[str]) -> None:
        """Recover from these kills, judge, and go back to where they began."""
        self._recover()
        self._judge(", ".join(killed) or "nothing")
        self.counts["kills"] += len(killed)
        world = f"{self.name}, world {self.stage.script.seed}"
        self.shapes += [f"{world}: {killed[: n + 1]}" for n in range(len(killed))]
        self.stage.take_back(self.standing)

    def outcome(self) -> Outcome:
        return Outcome(counts=self.counts, faults=self.faults, shapes=self.shapes)

    def _recover(self) -> None:
        """A whole run, what is left of the script's days, and passes until nothing waits."""
        stage, still = self.stage, self.stage.still
        stage.order, stage.still = {"verify": True}, False
        stage.check()
        while stage.clock.read().day < stage.script.days:
            stage.next_day()
            stage.check()
        stage.settle()
        stage.order, stage.still = {}, still

    def _judge(self, killed: str) -> None:
        evidence = self.stage.evidence()
        found = [str(each)[:_SHOWN] for each in judge(evidence)]
        found += [f"VERIFY: {each[-_SAID:]}" for each in self.stage.complaints]
        self.stage.complaints.clear()
        self.faults += [f"{each} [{self.name}, world {self.stage.script.seed}, killed at {killed}]" for each in found]
        names = {(message["alert"], message["recipient"]) for message in evidence.delivered}
        self.counts.update({"alerts": len(names), "repeats in the window": len(evidence.delivered) - len(names)})
