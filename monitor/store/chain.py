"""The chain of a record's versions: what is hashed, and how. Pure.

A section's digest is salted with 16 random bytes of its own that go when the section is pruned: what remains cannot
be used to find out by trial what a person's entry said.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

from monitor.model.version import NewVersion
from monitor.model.watch import RecordKey

FORMAT = "trial-monitor version 1"
SALT_BYTES = 16

Salted = Mapping[str, tuple[str, bytes]]  # section name -> (salt in hex, canonical JSON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """All that a version's hash covers."""

    key: RecordKey
    series: str
    number: int
    observed_at: datetime
    posted: str | None
    data_timestamp: str | None
    content_hash: str
    normaliser_version: int
    body_digest: str
    section_digests: Mapping[str, str]
    carried: Mapping[str, int]
    previous_hash: str | None


def chain_hash(link: Link) -> str:
    """sha256 hex of the link's canonical JSON."""
    facts = {
        "format": FORMAT,
        "source": link.key.source,
        "source_id": link.key.source_id,
        "series": link.series,
        "number": link.number,
        "observed_at": link.observed_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "posted": link.posted,
        "data_timestamp": link.data_timestamp,
        "content_hash": link.content_hash,
        "normaliser_version": link.normaliser_version,
        "body": link.body_digest,
        "sections": dict(link.section_digests),
        "carried": dict(link.carried),
        "previous": link.previous_hash,
    }
    return hashlib.sha256(orjson.dumps(facts, option=orjson.OPT_SORT_KEYS)).hexdigest()


def link_of(key: RecordKey, number: int, new: NewVersion, *, salted: Salted, body: str, previous: str | None) -> Link:
    """The link that a new version adds."""
    return Link(
        key=key,
        series="seen",
        number=number,
        observed_at=new.observed_at,
        posted=new.posted,
        data_timestamp=new.data_timestamp,
        content_hash=new.content_hash,
        normaliser_version=new.normaliser_version,
        body_digest=body,
        section_digests={name: section_digest(salt, content) for name, (salt, content) in salted.items()},
        carried=new.carried,
        previous_hash=previous,
    )


def salt_sections(sections: Mapping[str, bytes], entropy: Callable[[int], bytes]) -> Salted:
    return {name: (entropy(SALT_BYTES).hex(), content) for name, content in sections.items()}


def section_digest(salt: str, content: bytes) -> str:
    return hashlib.sha256(bytes.fromhex(salt) + content).hexdigest()
