"""How much of the large corpora the suite reads: a portion, or with TRIAL_MONITOR_WHOLE (`make corpora`) all of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, TypeVar

WHOLE: Final = bool(os.environ.get("TRIAL_MONITOR_WHOLE"))
Item = TypeVar("Item")


def portion(items: Iterable[Item], one_of: int) -> Iterator[Item]:
    """Each `one_of`-th item, or all of them."""
    return islice(items, 0, None, 1 if WHOLE else one_of)


def least(number: int, one_of: int) -> int:
    """How many of `number` items a portion has at least."""
    return number if WHOLE else number // one_of
