"""A world in which canary persons are seen, change, and are told of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.demo.recorded import versions
from tests.pipeline.world import World, open_world

TRIAL = "NCT07011550"


@pytest.fixture(scope="session")
def study() -> Any:
    return next(versions(TRIAL))[1]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    folder = tmp_path / "store"
    folder.mkdir()
    registry, store = open_world(folder)
    with registry:
        world = World(registry, store)
        yield world
        assert world.verify().disagreements == ()
    store.close()
