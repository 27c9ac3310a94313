"""What a study document says that it is, read without trust: any value may be missing or of a wrong type."""

from __future__ import annotations

from monitor.model.json import Json


def number_of(study: Json) -> str | None:
    """The NCT number that a document claims as its own."""
    return _text(study, "protocolSection", "identificationModule", "nctId")


def title_of(study: Json) -> str | None:
    """The brief title."""
    return _text(study, "protocolSection", "identificationModule", "briefTitle")


def sponsor_of(study: Json) -> str | None:
    """The lead sponsor's name."""
    return _text(study, "protocolSection", "sponsorCollaboratorsModule", "leadSponsor", "name")


def aliases_of(study: Json) -> tuple[str, ...]:
    """The older numbers that a document claims."""
    value = at(study, "protocolSection", "identificationModule", "nctIdAliases")
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


def at(value: Json, *path: str) -> Json:
    """What stands at a path of keys, or None."""
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def _text(study: Json, *path: str) -> str | None:
    value = at(study, *path)
    return value.strip() or None if isinstance(value, str) else None
