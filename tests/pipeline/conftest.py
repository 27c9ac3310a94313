"""The world of whole passes, and the recorded documents it starts from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.demo.recorded import CD7_PAGE, page_text, versions
from tests.pipeline.world import World, open_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    registry, store = open_world(tmp_path)
    with registry:
        world = World(registry, store)
        yield world
        if world.sound:  # whatever a test did, the second line finds nothing
            assert world.verify().disagreements == ()
    store.close()


@pytest.fixture(scope="session")
def study() -> Any:
    """NCT07011550 as it was first recorded: recruiting."""
    return next(versions("NCT07011550"))[1]


@pytest.fixture(scope="session")
def cd7_text() -> str:
    return page_text(CD7_PAGE)
