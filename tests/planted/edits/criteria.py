"""Criteria items of texts that are plainly laid out: an item more, less, reworded, or with another bound."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.planted.plot import Editor, Fact, Plot, odd, reworded, texts_once

_PLAIN = re.compile(
    r"\A\s*(?:Key )?Inclusion Criteria:?\s*\n(?P<inclusion>(?:\s*[*-] [^\n]+\n?)+)"
    r"\n\s*(?:Key )?Exclusion Criteria:?\s*\n(?P<exclusion>(?:\s*[*-] [^\n]+\n?)+)\Z",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w.])\d{1,3}(?![\w.])")
_LABELS = re.compile(r"clusion|criteri", re.IGNORECASE)


def _items(plot: Plot) -> dict[str, list[str]] | None:
    """The items of both sections; None for a text that is laid out in another way."""
    text = plot.module("eligibilityModule").get("eligibilityCriteria") or ""
    lines = [line for line in text.split("\n") if line.strip()]
    if len({len(line) - len(line.lstrip()) for line in lines}) > 1 or odd(text):
        return None
    found = _PLAIN.match("\n".join(lines).replace("\nEx", "\n\nEx").replace("\nKey Ex", "\n\nKey Ex"))
    if not found:
        return None
    items = {name: [line.strip()[2:].strip() for line in found[name].split("\n") if line.strip()] for name in _SECTIONS}
    every = [item for listed in items.values() for item in listed]
    sound = texts_once(every) and not any(_LABELS.search(item) or item.endswith(":") for item in every)
    return items if sound and all(len(listed) > 2 for listed in items.values()) else None


_SECTIONS = ("inclusion", "exclusion")


def _write(plot: Plot, items: dict[str, list[str]]) -> None:
    parts = [
        f"{name.capitalize()} Criteria:\n\n" + "\n".join(f"* {item}" for item in items[name]) for name in _SECTIONS
    ]
    plot.module("eligibilityModule")["eligibilityCriteria"] = "\n\n".join(parts)


def _told(section: str, before: str | None, after: str | None) -> list[Fact]:
    path = f"eligibility.{section}"
    detail: dict[str, Any] = {"section": section}
    return [Fact(edit="criterion", category="criteria", path=path, before=before, after=after, detail=detail)]


def _pick(plot: Plot, items: dict[str, list[str]]) -> tuple[str, int] | None:
    section = plot.some(list(_SECTIONS))
    free = [n for n, item in enumerate(items[section]) if ("criterion", item) not in plot.taken]
    return (section, plot.some(free)) if free else None


def item_added(plot: Plot) -> list[Fact]:
    """One item more, anywhere in its list."""
    items = _items(plot)
    if items is None:
        return []
    section, fresh = plot.some(list(_SECTIONS)), plot.sentence(10)
    if not plot.unlike("criterion", fresh):
        return []
    plot.free(("criterion", fresh))
    items[section].insert(plot.chance.randrange(1, len(items[section])), fresh)
    _write(plot, items)
    return _told(section, None, fresh)


def item_removed(plot: Plot) -> list[Fact]:
    """One item less."""
    items = _items(plot)
    found = _pick(plot, items) if items else None
    if items is None or found is None or not plot.unlike("criterion", items[found[0]][found[1]]):
        return []
    section, spot = found
    gone = items[section].pop(spot)
    _write(plot, items)
    return _told(section, gone, None)


def item_reworded(plot: Plot) -> list[Fact]:
    """A word of an item, or a number in it."""
    items = _items(plot)
    found = _pick(plot, items) if items else None
    if items is None or found is None:
        return []
    section, spot = found
    before = items[section][spot]
    after = _other_bound(plot, before) if plot.chance.randrange(2) else None
    changed = reworded(plot, before) if after is None else None
    after = changed.text if changed else after
    if after is None or not plot.unlike("criterion", before):
        return []
    items[section][spot] = after
    plot.free(("criterion", before), ("criterion", after))
    _write(plot, items)
    return _told(section, before, after)


def _other_bound(plot: Plot, item: str) -> str | None:
    spots = list(_NUMBER.finditer(item)) if len(item) > 20 else []
    if not spots:
        return None
    spot = plot.some(spots)
    number = str(int(spot[0]) + plot.chance.randrange(1, 9))
    return f"{item[: spot.start()]}{number}{item[spot.end() :]}" if spot.start() > 3 else None


def editors() -> Iterator[tuple[str, Editor]]:
    """Each editor with the category that its edits are told in."""
    for editor in (item_added, item_removed, item_reworded, item_reworded):
        yield "criteria", editor
