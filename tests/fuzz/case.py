"""One damaged, edited or noisy body, and what it must come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from monitor.model.record import SourceName
from tests.planted.plot import Fact


class Due(Enum):
    """What the product owes a body. Whatever it is, the parser is total and nothing hangs."""

    QUIET = "says the same: nothing is told but the record's own dates"
    QUIET_OR_AWAY = "says the same, if it can be read at all"
    AWAY = "is no complete record of this trial: not compared, the baseline stays"
    HELD = "was damaged on its way, though it proves to be this trial: kept aside, the baseline stays"
    EDITS = "holds exactly these edits"
    NO_LOSS = "may say another thing, but omits nothing: no field is told as removed"
    EXACT = "was edited by chance: compared or not, what is told makes the newer record of the older one"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`kind` names the damage, `spot` where it was done; `facts` are the edits of Due.EDITS in a registry's document.

    Of a page `told` names the paths, one of which must be told, and the value that must be told there.
    """

    kind: str
    due: Due
    content: bytes
    media_type: str
    spot: str = ""
    facts: Sequence[Fact] = ()
    told: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for: a record of a source, by its id, with the NCT number that is expected."""

    source: SourceName
    source_id: str
    number: str
