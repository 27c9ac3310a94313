"""A world in which canary persons are seen, change, and are told of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.demo.recorded import CD7_PAGE, page_text, versions
from tests.pipeline.world import World, open_world
from tests.privacy.life import TRIAL


@pytest.fixture(scope="session")
def study() -> Any:
    return next(versions(TRIAL))[1]


@pytest.fixture(scope="session")
def cd7_text() -> str:
    return page_text(CD7_PAGE)


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
