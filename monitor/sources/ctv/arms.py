"""Treatments, and the groups of patients that get them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from monitor.model.sections import Arm, Intervention
from monitor.sources.ctv.sections import Piece
from monitor.sources.ctv.values import words_of

_TYPES = {
    "behavioral": "BEHAVIORAL",
    "behavioural": "BEHAVIORAL",
    "biological": "BIOLOGICAL",
    "biological vaccine": "BIOLOGICAL",
    "combination product": "COMBINATION_PRODUCT",
    "device": "DEVICE",
    "diagnostic test": "DIAGNOSTIC_TEST",
    "dietary supplement": "DIETARY_SUPPLEMENT",
    "drug": "DRUG",
    "genetic": "GENETIC",
    "procedure": "PROCEDURE",
    "procedure surgery": "PROCEDURE",
    "radiation": "RADIATION",
    "other": "OTHER",
}
_ARM_TYPE = (
    r"(?P<type>experimental|active comparator|placebo comparator|sham comparator|no intervention|other)"
    r"(?P<noun>\s+(?:group|arm|comparator))?"
)
_TYPE_ALONE = re.compile(rf"(?:(?:arm |group )?type\s*:\s*)?[(\[]?{_ARM_TYPE}[)\]]?\s*:?", re.IGNORECASE)
_TYPE_FIRST = re.compile(rf"{_ARM_TYPE}\s*[:–-]\s*(?P<label>\S.*)", re.IGNORECASE | re.DOTALL)
_TYPE_LAST = re.compile(rf"(?P<label>.*\S)\s*(?:[–|·-]\s*|[(\[]){_ARM_TYPE}[)\]]?", re.IGNORECASE | re.DOTALL)
_FIELD = re.compile(
    r"(?:(?P<label>(?:arm|group|cohort)(?: label| name| title)?|label|name)|(?P<type>(?:arm |group )?type)"
    r"|(?P<description>(?:arm |group )?descriptions?)|(?P<interventions>(?:assigned )?(?:treatments?|interventions?)))"
    r"\s*(?::\s*(?P<value>.*))?",
    re.IGNORECASE | re.DOTALL,
)
_COLUMNS = 2  # of these words in a row at the start are the head of a table


@dataclass(slots=True)
class _Arm:
    label: str
    type: str | None = None
    description: list[str] = field(default_factory=list)
    interventions: list[str] = field(default_factory=list)
    met: set[str] = field(default_factory=set)

    def freeze(self) -> Arm:
        description = "\n\n".join(self.description) or None
        return Arm(label=self.label, type=self.type, description=description, interventions=tuple(self.interventions))


@dataclass(frozen=True, slots=True)
class _Token:
    """`kind` is label, type, description or interventions for what names or states a field, else text."""

    kind: str
    text: str
    heading: bool = False


def read_intervention(text: str) -> Intervention:
    """ "Biological: CD5 CAR-T" as type and name; without a type that the registry knows it is all name."""
    head, colon, name = text.partition(":")
    kind = _TYPES.get(words_of(head)) if colon and name.strip() else None
    return Intervention(type=kind, name=name.strip() if kind else text)


def read_groups(pieces: Sequence[Piece]) -> tuple[Arm, ...]:
    """The groups under the heading that counts them, from their labels, types and the words before their fields."""
    tokens = _without_table_head([token for piece in pieces for token in _tokens(piece)])
    arms: list[_Arm] = []
    current = "description"
    for n, token in enumerate(tokens):
        if _starts(tokens, n, arms[-1] if arms else None):
            arms.append(_Arm(token.text))
            current = "description"
            if token.kind == "text" or (token.kind == "label" and token.text):
                continue
        if not arms:
            continue
        current = _take(arms[-1], token, current)
    return tuple(arm.freeze() for arm in arms if arm.label)


def _tokens(piece: Piece) -> Iterator[_Token]:
    heading = piece.line.level > 0
    for part in piece.parts:
        if alone := _TYPE_ALONE.fullmatch(part):
            yield _Token("type", _code(alone["type"]))
        elif found := _FIELD.fullmatch(part):
            kind = str(found.lastgroup if found.lastgroup != "value" else _named(found))
            yield from _field(kind, (found["value"] or "").strip())
        elif typed := (_TYPE_FIRST.fullmatch(part) or _typed_last(part)):
            yield _Token("text", typed["label"].strip(), heading)
            yield _Token("type", _code(typed["type"]))
        else:
            yield _Token("text", part, heading)


def _named(found: re.Match[str]) -> str:
    return next(name for name in ("label", "type", "description", "interventions") if found[name] is not None)


def _field(kind: str, value: str) -> Iterator[_Token]:
    if kind == "type":
        alone = _TYPE_ALONE.fullmatch(value)
        yield _Token("type", _code(alone["type"] if alone else value))
    elif kind == "label":
        yield _Token("label", value)
    else:
        yield _Token(kind, "")
        if value:
            yield _Token("value", value)


def _typed_last(part: str) -> re.Match[str] | None:
    """ "CD5 CAR-T (Experimental group)"; "Other" alone is too common a word to end a label with."""
    found = _TYPE_LAST.fullmatch(part)
    return found if found and (found["noun"] or found["type"].casefold() != "other") else None


def _code(word: str) -> str:
    return "_".join(words_of(word).split()).upper()


def _without_table_head(tokens: list[_Token]) -> list[_Token]:
    head = 0
    while head < len(tokens) and tokens[head].kind not in ("text", "value") and not tokens[head].text:
        head += 1
    return tokens[head:] if head >= _COLUMNS else tokens


def _starts(tokens: Sequence[_Token], n: int, arm: _Arm | None) -> bool:
    """Whether a group begins here: at the name that stands before the first of its fields."""
    token = tokens[n]
    if token.kind != "text" or arm is None:
        return token.kind in ("label", "text")
    following = tokens[n + 1].kind if n + 1 < len(tokens) else ""
    if following == "type":
        return bool(arm.met)
    if tokens[n - 1].kind in ("description", "interventions"):
        return False  # it is what the field says
    return following in arm.met or (token.heading and bool(arm.met))


def _take(arm: _Arm, token: _Token, current: str) -> str:
    """Put a token where it belongs in a group; gives the field that goes on."""
    if token.kind == "type":
        arm.type = token.text or None
        arm.met.add("type")
        return "description"
    if token.kind in ("description", "interventions"):
        arm.met.add(token.kind)
        return token.kind
    if token.kind == "label":
        return current
    if not arm.label:
        arm.label = token.text
    elif current == "interventions" or (
        not arm.met & {"description", "interventions"} and read_intervention(token.text).type
    ):
        arm.interventions.append(token.text)
    else:
        arm.description.append(token.text)
    return current
