"""The program's own look at an image: it opens the store as a run would, checks all of it, and verifies it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from monitor.app import App, open_app
from monitor.errors import StoreError
from monitor.pipeline.scribe import Scribe
from monitor.pipeline.verifying import verify_store
from tests.storage.disk import Image


@dataclass(slots=True)
class Opened:
    """`config` names the store beside it; equal states are verified once."""

    config: Path
    folder: Path
    verified: set[str] = field(default_factory=set)

    def open(self, image: Image, state: str) -> Iterator[str]:
        """What the program finds wrong."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        image.write(self.folder)
        config = Path(shutil.copy(self.config, self.folder))
        try:
            with redirect_stderr(StringIO()), open_app(config, {}, writing=True) as app:
                app.store.check_whole()
                if state not in self.verified:
                    self.verified.add(state)
                    yield from asyncio.run(_verify(app))
        except StoreError as error:
            yield f"NOT_OPENED: {error}"


async def _verify(app: App) -> list[str]:
    async with Scribe(app.store) as scribe:
        verified = await verify_store(scribe, app.ways.desk)
    return [f"DISAGREES: {each.about}: {each.what}" for each in verified.disagreements]
