"""What makes an alert itself: its key, and the code by which messages name it. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime

import orjson

from monitor.model.alert import PlannedAlert, Recipient
from monitor.model.watch import RecordKey

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
READ_AS = str.maketrans("OIL", "011")


def alert_key(planned: PlannedAlert, record: RecordKey | None) -> str:
    """sha256 hex of what may be told once only. `condition` sets apart what recurs at the same version (gone again)."""
    parts = (
        [record.source, record.source_id] if record else None,
        planned.from_version,
        planned.to_version,
        planned.condition,
        planned.recipient.destination,
        planned.recipient.address,
        planned.kind.value,
    )
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()


def sample_code(recipient: Recipient, now: datetime, kind: str) -> str:
    """The code of a message that tries a destination and is not stored; one for each kind."""
    parts = [kind, recipient.destination, recipient.address, now.isoformat()]
    return next(codes(hashlib.sha256(orjson.dumps(parts)).hexdigest()))


def digest_key(keys: Iterable[str]) -> str:
    """The key of a message that tells these alerts together."""
    return hashlib.sha256(orjson.dumps(["digest", *keys])).hexdigest()


def codes(key: str) -> Iterator[str]:
    """The codes an alert may bear, the first one first: 8 characters of the key's base32, then the next 8, ..."""
    number = int(key, 16) << 4  # 256 bits and 4 zeros are 52 characters of 5 bits
    characters = "".join(CROCKFORD[number >> shift & 31] for shift in range(255, -1, -5))
    for start in range(0, len(characters) - LENGTH + 1, LENGTH):
        yield f"{characters[start : start + 4]}-{characters[start + 4 : start + LENGTH]}"


def read_code(text: str) -> str:
    """A code as a person typed it, in the form in which it is stored ("7k2mo412" is 7K2M-0412)."""
    plain = "".join(text.upper().split()).replace("-", "").translate(READ_AS)
    return f"{plain[:4]}-{plain[4:]}"
