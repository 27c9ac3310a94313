"""A store that is not what was written: bits flipped, pages zeroed or exchanged, the file cut, or another file.

Each damaged file is opened as a run would, and then read and verified. Named faults:

TOUCHED     the program refused the store, and the file is not as it was, or another one is beside it
RECREATED   the program opened it, and what it held is gone
CRASH       something else was raised than an error of the store
UNNAMED     the refusal does not say in one line which file it is, and that one goes on from a backup

What is neither refused nor found by `verify` is counted: "harmless" where the rows are what they were, "unseen" where
a row differs that has no digest (a time, a state, an error's text).
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from monitor.app import App, open_app
from monitor.errors import StoreDamaged, StoreError
from monitor.pipeline.scribe import Scribe
from monitor.pipeline.verifying import verify_store
from monitor.store import alerts, changes
from tests.faults.course import Course
from tests.faults.world import build
from tests.storage.disk import Image
from tests.storage.standing import STORE, read
from tests.sweep.sweep import Outcome, Sweep

PAGE = 4096
SECRET_OF_SQLITE = b"SQLite format 3\0"


@dataclass(slots=True)
class Ward:
    """One sound store, and what became of its damaged copies."""

    config: Path
    sound: bytes
    folder: Path
    state: str
    faults: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def admit(self, name: str, content: bytes) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        store = self.folder / STORE
        store.write_bytes(content)
        store.chmod(0o600)
        config = Path(shutil.copy(self.config, self.folder))
        self.counts["damaged"] += 1
        try:
            how = self._look(config, content)
        except StoreError:
            how = "found by reading"
        except Exception as error:  # noqa: BLE001 (whatever it is, it is told)
            how = "crashed"
            self.faults.append(f"CRASH: {name}: {error!r}"[:300])
        self.counts[how] += 1
        if how in ("refused", "crashed") or how.startswith("found"):
            left = sorted(path.name for path in self.folder.iterdir() if path != config)
            if how == "refused" and (left != [STORE] or store.read_bytes() != content):
                self.faults.append(f"TOUCHED: {name}: {left}")
        elif _empty(store):
            self.faults.append(f"RECREATED: {name}")

    def _look(self, config: Path, content: bytes) -> str:
        try:
            app = open_app(config, {}, writing=True)
        except StoreDamaged as error:
            if STORE not in str(error) or "trial-monitor restore" not in str(error) or "\n" in str(error):
                self.faults.append(f"UNNAMED: {error}")
            return "refused"
        with app:
            app.store.check_whole()
            if asyncio.run(_read_all(app)):
                return "found by verify"
        now = read(Image(files={STORE: content}, kept=""), self.folder / "state")
        return "harmless" if now.state == self.state else "unseen"


async def _read_all(app: App) -> int:
    """Everything a run reads; how much does not agree."""
    with app.store.read() as tx:
        alerts.list_alerts(tx)
        changes.history(tx)
    async with Scribe(app.store) as scribe:
        return len((await verify_store(scribe, app.ways.desk)).disagreements)


def _empty(store: Path) -> bool:
    with closing(sqlite3.connect(store)) as opened:
        return int(opened.execute("SELECT count(*) FROM versions").fetchone()[0]) == 0


def flips(sound: bytes, chance: Random) -> Iterator[tuple[str, bytes]]:
    """One bit in each page, at its first bytes, behind the header of the file, and anywhere."""
    for page in range(len(sound) // PAGE):
        for offset in (0, 16, chance.randrange(PAGE)):
            content = bytearray(sound)
            content[page * PAGE + offset] ^= 1 << chance.randrange(8)
            yield f"a bit at {offset} of page {page + 1}", bytes(content)


def others(sound: bytes, chance: Random) -> Mapping[str, bytes]:
    """What else befalls files."""
    page, other = chance.sample(range(1, len(sound) // PAGE), 2)
    zeroed, swapped = bytearray(sound), bytearray(sound)
    zeroed[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)
    swapped[page * PAGE : (page + 1) * PAGE] = sound[other * PAGE : (other + 1) * PAGE]
    swapped[other * PAGE : (other + 1) * PAGE] = sound[page * PAGE : (page + 1) * PAGE]
    return {
        f"page {page + 1} zeroed": bytes(zeroed),
        f"pages {page + 1} and {other + 1} exchanged": bytes(swapped),
        "cut at a page": sound[: page * PAGE],
        "cut within a page": sound[: page * PAGE + chance.randrange(1, PAGE)],
        "cut within the header": sound[: chance.randrange(1, 100)],
        "all zeros": bytes(len(sound)),
        "the head zeroed": bytes(PAGE) + sound[PAGE:],
        "a letter": b"Dear aunt, " * 500,
        "nonsense": chance.randbytes(3 * PAGE),
        "nonsense with a head": SECRET_OF_SQLITE + chance.randbytes(3 * PAGE),
    }


def run(seed: int, folder: Path) -> Outcome:
    return ward(seed, folder, share=1.0)


def ward(seed: int, folder: Path, *, share: float) -> Outcome:
    """Damage a store of a small world in this share of the ways."""
    chance, work = Random(seed), folder / "work"
    work.mkdir()
    with Course(build(seed, registry=2, pages=1, days=2, share=1.0), work) as course:
        course.check()
        course.clock.pass_time(days=1)
        course.check()
    sound = (work / STORE).read_bytes()
    state = read(Image(files={STORE: sound}, kept=""), folder / "state").state
    bed = Ward(course.config, sound, folder / "bed", state)
    cases = [*flips(sound, chance), *others(sound, chance).items()]
    shapes = []
    for name, content in cases:
        if chance.random() < share:
            bed.admit(name, content)
            shapes.append(f"{len(sound)}: {name}")
    return Outcome(counts=bed.counts, faults=bed.faults, shapes=shapes)


SWEEP = Sweep(
    name="damage",
    what="Bits of a store are flipped, pages zeroed, the file cut or exchanged.",
    seeds=30,
    goal={"damaged": 6_000},
    run=run,
)
