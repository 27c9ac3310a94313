"""Criteria as another project cut them into sections, line by line, and where our tree has each line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import orjson

from monitor.model.sections import Criterion
from monitor.text.clean import clean
from monitor.text.criteria import parse_criteria
from tests.text.corpora import lines

_ADDED = re.compile(  # what that project says in words of the structured fields
    r"\n?(?:Healthy volunteers (?:not )?allowed|Must have (?:minimum|maximum) age of .*|Must be (?:fe)?male.*)\s*$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_ROMAN = re.compile(r"\b[ivx]{1,5}\b", re.IGNORECASE)
_NAMES = {name: re.compile(rf"\b{name}s?\b", re.IGNORECASE) for name in ("inclusion", "exclusion")}
_LONGEST_HEADING = 140
_SECTIONS = {
    "inclusion": ("inclusion_criteria", "inclusionCriteria"),
    "exclusion": ("exclusion_criteria", "exclusionCriteria"),
    "other": ("miscellaneous_criteria",),
}


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A line that does not stand in our tree where that project has it. `reason` is empty if none is known."""

    trial: str
    section: str
    line: str
    reason: str


def cuts(corpora: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Each trial's number and its sections as that project cut them; only trials that it did cut."""
    for line in lines(corpora / "eligibility_text.jsonl.zst"):
        record = orjson.loads(line)
        cut = {name: next((record[k] for k in keys if record.get(k)), "") for name, keys in _SECTIONS.items()}
        while (shorter := _ADDED.sub("", cut["inclusion"])) != cut["inclusion"]:
            cut["inclusion"] = shorter
        if cut["inclusion"] and cut["exclusion"]:
            yield record["nct_id"], cut


def compare_cut(trial: str, cut: dict[str, str], raw: str) -> Iterator[Disagreement | None]:
    """For each line of that cut whose words the raw text has: None if our tree has it in the same section."""
    tree = parse_criteria(raw)
    ours = {name: f" {_words(' '.join(_every(getattr(tree, name))))} " for name in _SECTIONS}
    whole = f" {_words(raw)} "
    for section, text in cut.items():
        told = [line for line in text.split("\n") if _words(line)]
        under: str | None = None
        for line, following in zip_longest(told, told[1:]):
            words, names = f" {_words(line)} ", _named(line)
            if words not in whole:
                continue
            if words in ours[section]:
                yield None
            elif names:
                yield Disagreement(trial, section, line, "names a section")
            elif under and under != section and words in ours[under]:
                yield Disagreement(trial, section, line, "under a heading of its own")
            else:
                above = following is None or _named(following)
                yield Disagreement(trial, section, line, "right above a heading" if above else "")
            under = names[0] if names and len(clean(line)) <= _LONGEST_HEADING else under


def _named(line: str) -> list[str]:
    return [name for name, pattern in _NAMES.items() if pattern.search(line)]


def _words(text: str) -> str:
    return " ".join(_WORD.findall(_ROMAN.sub(" ", clean(text)).casefold()))


def _every(nodes: tuple[Criterion, ...]) -> Iterator[str]:
    for node in nodes:
        yield node.text
        yield from _every(node.children)
