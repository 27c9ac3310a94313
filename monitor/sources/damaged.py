"""Signs that a body was damaged on its way, though it proves to be the complete record that was asked for. Pure."""

from __future__ import annotations

from typing import Final

from monitor.errors import NotARecord
from monitor.model.reading import Body, Sound
from monitor.model.record import TrialRecord
from monitor.text.garbled import newly_garbled

MANY: Final = 3
"""So many letters that are newly garbled show a wrong encoding; fewer may be somebody's slip of the keyboard."""


def may_be_damaged(reading: Sound) -> bool:
    """False if `damage_of` would find nothing, whatever the body before."""
    return bool(reading.record.unknown) or not reading.body.content.isascii()


def damage_of(reading: Sound, base: TrialRecord, before: Body) -> tuple[str, ...]:
    """Why the body seems to be damaged, as sentences, against the body and the record of the latest version.

    Such a body is no news of the trial: what it does not say was not taken out by anybody.
    """
    reasons = []
    if reading.key.source == "ctgov" and reading.record.unknown:
        reasons += _renamed(reading, base, before)
    garbled = newly_garbled(_text(reading.key.source, before), _text(reading.key.source, reading.body))
    if garbled >= MANY:
        reasons.append(f"{garbled:,} letters are garbled that were not before: it was read in a wrong encoding.")
    return tuple(reasons)


def _renamed(reading: Sound, base: TrialRecord, before: Body) -> list[str]:
    from monitor.sources.ctgov.document import study_in
    from monitor.sources.ctgov.renamed import renamed_keys

    was, now = study_in(before.content), study_in(reading.body.content)
    return renamed_keys(was, now, reading.record.unknown, base.unknown)


def _text(source: str, body: Body) -> str:
    if source == "ctgov":
        return body.content.decode("utf-8", "replace")
    from monitor.sources.ctv.document import decode

    try:
        return decode(body)
    except NotARecord:
        return ""
