"""Signs that a source itself changed: what a record lost, or shows otherwise, without having been updated. Pure.

One trial with such a sign says nothing; many with the same one at once say that the source changed, not the trials.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from hashlib import sha256
from typing import Any

from monitor.diff.cause import is_updated
from monitor.diff.sameness import fingerprint, folded
from monitor.model.json import Json
from monitor.model.record import LATER, SECTIONS, TrialRecord

_FOLLOWS = ("status", "contacts")  # what the registry itself takes along when it sets a trial to UNKNOWN
_DERIVED = frozenset({"locations.count", "eligibility.raw"})  # the sites and the tree of criteria say the same
_LISTED: Json = ()  # stands for what holds more than one value
_SHOWN = 60  # characters of a value that a person is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A section or field ("contacts", "contacts.central") that was lost, or went from one value to another.

    `step` is "" for a loss, else equal for equal values before and after, which `before` and `after` show cut.
    """

    path: str
    step: str = ""
    before: str | None = None
    after: str | None = None

    @property
    def key(self) -> str:
        """Stable from pass to pass."""
        return f"{self.path}={self.step}" if self.step else self.path

    def covers(self, other: Sign) -> bool:
        """True if what `other` lost is a part of what this one lost."""
        return not self.step and not other.step and other.path.startswith(f"{self.path}.")


def signs_of(before: TrialRecord, after: TrialRecord, *, carried: Collection[str] = ()) -> frozenset[Sign]:
    """What `after` lost or shows otherwise; nothing for a record with a new update date.

    A list counts as a field, its items do not. `carried` are sections that `before` shows from an older version.
    A status that becomes UNKNOWN is the registry's own act, and no sign.
    """
    if is_updated(before.dates, after.dates):
        return frozenset()
    became_unknown = after.status.overall == "UNKNOWN" != before.status.overall
    sections = (section for section in SECTIONS if not (became_unknown and section in _FOLLOWS))
    return frozenset(sign for section in sections for sign in _signs(section, before, after, carried))


def _signs(section: str, before: TrialRecord, after: TrialRecord, carried: Collection[str]) -> Iterator[Sign]:
    was, now = before.unavailable.get(section), after.unavailable.get(section)
    if now is not None:
        if now != LATER and was in (None, LATER) and section not in carried:
            yield Sign(path=section)
        return
    old, new = getattr(before, section), getattr(after, section)
    if was is None and old != new:
        yield from _steps(_fields(section, old), _fields(section, new))


def _steps(old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[Sign]:
    """Every path that is there no more, and every value that became another one."""
    for path, value in old.items():
        if path not in new:
            yield Sign(path=path)
        elif _is_value(value) and _is_value(new[path]) and value != new[path]:
            yield _step(path, value, new[path])
    for path, value in new.items():
        if path not in old and _is_value(value):
            yield _step(path, None, value)


def _step(path: str, before: Json, after: Json) -> Sign:
    digest = sha256(fingerprint([before, after])).hexdigest()[:12]
    return Sign(path=path, step=digest, before=_brief(before), after=_brief(after))


def _brief(value: Json) -> str | None:
    if value is None:
        return None
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _is_value(value: Json) -> bool:
    return isinstance(value, bool | int | float | str)


def _fields(section: str, content: object) -> dict[str, Json]:
    """What a section says, by path, the section itself and everything on the way included; a list is only there."""
    said: dict[str, Json] = {}
    waiting: list[tuple[str, Any]] = [(section, content)]
    while waiting:
        path, value = waiting.pop()
        if path in _DERIVED or "[]" in path:
            continue
        inner = _inner(value)
        if inner is not None:
            waiting += ((f"{path}.{name}", each) for name, each in inner.items())
        elif isinstance(value, str):
            said[path] = folded(value)
        elif value not in (None, (), []):
            said[path] = value if _is_value(value) else _LISTED
    return _with_parents({path: value for path, value in said.items() if value is not None})


def _inner(value: Any) -> Mapping[str, Any] | None:  # noqa: ANN401 (any part of a record)
    """What a section, a part of one or a JSON object holds by name; None for a value."""
    if isinstance(value, Mapping):
        return value
    return {each.name: getattr(value, each.name) for each in fields(value)} if is_dataclass(value) else None


def _with_parents(said: Mapping[str, Json]) -> dict[str, Json]:
    """The paths with everything above them: a section is there as long as something of it is."""
    steps = (path.split(".") for path in said)
    above = {".".join(step[:length]): _LISTED for step in steps for length in range(1, len(step))}
    return {**above, **said}
