"""What the tests of faults share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.nursery import Nursery, spawned


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """One process that has loaded the program, for all runs and sinks that are forked."""
    with spawned() as found:
        yield found
