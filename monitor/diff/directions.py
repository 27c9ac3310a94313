"""For who can enter: is a changed criterion looser, tighter, only reworded, or unclear. Never a guess."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from monitor.diff.bounds import Bound, find_bounds
from monitor.diff.pieces import pieces
from monitor.diff.sameness import folded
from monitor.model.json import Json

Direction: TypeAlias = Literal["looser", "tighter", "reworded", "unclear"]
Growth: TypeAlias = Literal[-1, 0, 1]  # of the set of people whom a text describes

_SILENT = frozenset(  # words without which a criterion says the same
    [
        "the",
        "a",
        "an",
        "of",
        "to",
        "be",
        "is",
        "are",
        "was",
        "were",
        "been",
        "being",
        "must",
        "should",
        "shall",
        "will",
        "have",
        "has",
        "had",
        "having",
        "that",
        "which",
        "who",
        "whom",
        "this",
        "these",
        "those",
        "their",
        "his",
        "her",
        "its",
        "patient",
        "patients",
        "subject",
        "subjects",
        "participant",
        "participants",
        "individual",
        "individuals",
        "people",
        "person",
        "persons",
    ]
)
_SYNONYMS = {
    "previous": "prior",
    "allocation": "randomization",
    "randomisation": "randomization", "previously": "prior", "yrs": "year", "yr": "year",
    "wks": "week", "wk": "week", "mos": "month",
    "therapy": "treatment", "investigational": "experimental", "study": "trial", ">=": "≥", "<=": "≤",
}  # fmt: skip
_ABBREVIATION = re.compile(r"\((?:[A-Z][A-Za-z0-9/-]{1,9})\)")
_WORD = re.compile(r"[^\W_]+|[≥≤<>=%±+]")
_NEGATION = re.compile(
    r"\b(?:no|not|without|never|neither|nor|none|absence|lack|cannot|unable|exclud\w+|ineligible|negative|free)\b|n't\b",
    re.IGNORECASE,
)
_EXCEPTION = re.compile(
    r"\b(?:unless|except(?:ion|ions|ing)?|other than|apart from|excluding|aside from)\b", re.IGNORECASE
)
_PERMISSION = re.compile(
    r"\b(?:(?:is|are|be|may|can)\s+(?:still\s+)?(?:be\s+)?(?:eligible|allowed|permitted|acceptable|enrolled|included)"
    r"|not (?:be )?(?:excluded|exclusionary)|allowed if|permitted if)\b|^\W*note\b",
    re.IGNORECASE,
)
_RESTRICTIVE = frozenset(  # words that make fewer people fit what they stand before
    [
        "active",
        "severe",
        "uncontrolled",
        "symptomatic",
        "untreated",
        "unstable",
        "significant",
        "clinically",
        "serious",
        "current",
        "known",
        "recent",
        "acute",
        "chronic",
        "progressive",
        "invasive",
    ]
)
_LIMIT = re.compile(
    r"^\W*(?:within|in the (?:last|past|previous|preceding)|during the (?:last|past|previous))\b", re.IGNORECASE
)
_CONDITION = re.compile(r"^\W*and (?:must|who|have|has|is|are|with|meet)\b", re.IGNORECASE)
_RULED_OUT = re.compile(  # how an exclusion list begins says nothing but that it excludes
    r"\b(?:(?:will|must|should|shall|are|is|be|to) )*"
    r"(?:excluded|exclusion|ineligible|disqualif\w+|not (?:be )?(?:eligible|enrolled|included))\b",
    re.IGNORECASE,
)
_ANY_OF = re.compile(r"\b(?:any|either|one(?: or more)?|at least one) of\b|\bone or more\b", re.IGNORECASE)
_ALL_OF = re.compile(r"\b(?:all|both|each) (?:of )?(?:the )?|adequate|as defined|as follows", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A direction and the limits that moved, as the outer contract spells them."""

    direction: Direction
    bounds: tuple[Json, ...] = ()
    spans: tuple[str, str] | None = None  # the words of the one limit that moved


def judge_item(section: str, text: str, parent: str | None, *, added: bool) -> Direction:
    """An item that came or went. An inclusion item more is tighter, an exclusion item less is looser."""
    if section == "other" or _PERMISSION.search(text):
        return "unclear"
    growth = _item_growth(section, parent)
    return _named(growth if added else -growth)


def _item_growth(section: str, parent: str | None) -> int:
    """What one item more does to the number of people who fit; 0 where its parent does not settle it."""
    if parent is None:
        return -1
    if section == "exclusion":
        parent = _RULED_OUT.sub(" ", parent)
    if _EXCEPTION.search(parent) or _PERMISSION.search(parent) or _NEGATION.search(parent):
        return 0
    any_of, all_of = bool(_ANY_OF.search(parent)), bool(_ALL_OF.search(parent))
    if section == "exclusion":
        return 0 if all_of and not any_of else -1
    return 0 if any_of == all_of else (1 if any_of else -1)


def judge_change(section: str, before: str, after: str) -> Judgement:
    """One item before and after."""
    if _says_same(before, after):
        return Judgement("reworded")
    moved = _moved_bounds(before, after)
    growth: int = 0
    if moved:
        growth = _agreed([_bound_growth(before, after, old, new) for old, new in moved])
    elif moved is None:
        growth = _clause_growth(before, after)
    spans = (moved[0][0].text, moved[0][1].text) if moved and len(moved) == 1 else None
    sign = {"inclusion": 1, "exclusion": -1}.get(section, 0)
    return Judgement(_named(growth * sign), tuple(_bound_json(old, new) for old, new in moved or ()), spans)


def _named(growth: int) -> Direction:
    return "unclear" if growth == 0 else ("looser" if growth > 0 else "tighter")


def _agreed(growths: Sequence[int]) -> int:
    """The growth that all share, else 0."""
    return growths[0] if len(set(growths)) == 1 else 0


def _skeleton(text: str, bounds: Sequence[Bound] | None = None) -> list[str]:
    """The words that carry meaning, in one spelling; limits are left out where they are given."""
    for bound in sorted({(b.start, b.end) for b in bounds or ()}, reverse=True):
        text = f"{text[: bound[0]]} § {text[bound[1] :]}"
    words = _WORD.findall(_ABBREVIATION.sub(" ", folded(text) or "").casefold())
    spoken = [_stem(_SYNONYMS.get(word, word)) for word in words if word not in _SILENT]
    return [word for n, word in enumerate(spoken) if n == 0 or word != spoken[n - 1]]


def _stem(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 3 else word  # noqa: PLR2004 (not "is", "yes")


def _says_same(before: str, after: str) -> bool:
    """The same words that carry meaning, and the same limits however they are written ("4 weeks", "28 days")."""
    old, new = find_bounds(before), find_bounds(after)
    alike = [(b.side, b.strict, b.size, _kind(b)) for b in old] == [(b.side, b.strict, b.size, _kind(b)) for b in new]
    return alike and _skeleton(before, old) == _skeleton(after, new)


def _moved_bounds(before: str, after: str) -> list[tuple[Bound, Bound]] | None:
    """Limits that differ, if nothing else does; None if something else does or the limits do not correspond."""
    old, new = find_bounds(before), find_bounds(after)
    if not old or [b.side for b in old] != [b.side for b in new] or _skeleton(before, old) != _skeleton(after, new):
        return None
    if any(_kind(one) != _kind(other) for one, other in zip(old, new, strict=True)):
        return None
    return [(o, n) for o, n in zip(old, new, strict=True) if (o.size, o.strict) != (n.size, n.strict)]


def _kind(bound: Bound) -> str:
    return "time" if bound.timed else re.sub(r"\s+|[x×*]|the|institutional", "", (bound.unit or "").casefold())


def _bound_growth(before: str, after: str, old: Bound, new: Bound) -> int:
    growth = _size_growth(old, new)
    flips = _flips(before, old), _flips(after, new)
    if flips[0] is None or flips[0] != flips[1] or _measurement_window(before, old):
        return 0
    return -growth if flips[0] else growth


def _size_growth(old: Bound, new: Bound) -> int:
    """+1 if the limit lets more values in."""
    if old.size == new.size:
        return 1 if old.strict and not new.strict else -1
    up = new.size > old.size
    return 1 if up == (old.side == "upper") else -1


def _flips(text: str, bound: Bound) -> bool | None:
    """Whether a negation or an exception before the limit turns its sense; None where that is not sure."""
    clause = re.split(r"[;]|\.\s", text[: bound.start])[-1]
    negations, exceptions = len(_NEGATION.findall(clause)), len(_EXCEPTION.findall(clause))
    if negations == 1 and bound.timed and bound.side == "lower" and re.search(r"\bfor\W*$", clause, re.IGNORECASE):
        negations -= 1  # "no seizure for at least 3 months" bounds the time without one
    if negations + exceptions > 1:
        return None
    return negations + exceptions == 1


def _measurement_window(text: str, bound: Bound) -> bool:
    """A time within which another limit is measured says nothing of who fits."""
    others = [b for b in find_bounds(text) if b.start != bound.start and not b.timed]
    return bound.timed and bound.side == "upper" and bool(others)


def _clause_growth(before: str, after: str) -> int:
    """What one clause more or less, or "and" for "or", does to the people described; 0 where that is not sure."""
    changed = [
        (n, sign, text) for n, (sign, text) in enumerate(pieces(before.casefold(), after.casefold())) if sign != "="
    ]
    if len(changed) == 2 and {sign for _, sign, _ in changed} == {"-", "+"}:  # noqa: PLR2004 (one swap)
        gone, came = (text.strip().casefold() for _, _, text in changed)
        growth = {("and", "or"): 1, ("or", "and"): -1}.get((gone, came), 0)
        longer, clause = before, changed[0][2]
    elif len(changed) == 1:
        _, sign, clause = changed[0]
        growth = _phrase_growth(clause) * (1 if sign == "+" else -1)
        longer = after if sign == "+" else before
    else:
        return 0
    lead = longer[: max(longer.casefold().find(clause.strip()), 0)]
    turns = len(_NEGATION.findall(lead)) + len(_EXCEPTION.findall(lead))
    if turns > 1 or (turns == 1 and find_bounds(clause)):
        return 0
    return -growth if turns else growth


def _phrase_growth(clause: str) -> Growth:
    """What a phrase more does to the people described."""
    text = clause.strip(" ,;()").casefold()
    if _NEGATION.search(text) and not _EXCEPTION.match(text):
        return 0
    if text.startswith("or "):
        return 1
    if _EXCEPTION.match(text) or _CONDITION.match(text) or _LIMIT.match(text):
        return -1
    words = re.findall(r"[a-z]+", text)
    return -1 if words and all(word in _RESTRICTIVE for word in words) else 0


def _bound_json(old: Bound, new: Bound) -> Json:
    return {
        "what": new.what,
        "side": new.side,
        "before": _tidy(old.value),
        "after": _tidy(new.value),
        "unit": new.unit if (old.unit or "").casefold() == (new.unit or "").casefold() else f"{old.unit} → {new.unit}",
    }


def _tidy(value: float) -> float | int:
    return int(value) if value.is_integer() else value
