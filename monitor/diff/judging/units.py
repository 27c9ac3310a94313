"""Units of measure: what kind a unit is of, and its size in the kind's own unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

Row: TypeAlias = tuple[str, str, float]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it was written. Sizes compare within one kind only; times are in days.

    `rough` is set for months and years, whose length in days is a mean.
    """

    kind: str
    factor: float
    written: str
    rough: bool = False


_LIMIT_LEAD = (
    r"(?:(?:[x×*]|times|-?\s?folds?)\s*)?(?:the\s+)?(?:(?:age[- ]?(?:adjusted|appropriate)|institution(?:al)?(?:'s)?"
    r"|local|lab(?:oratory)?|reference)\s+){0,2}"
)
_OF_NORMAL = (
    r"(?: of (?:the )?(?:(?:institutional|laboratory|reference) )?(?:normal|range)(?: range| limits?| value)?)?"
)
_TIMES: tuple[Row, ...] = (
    (r"min(?:utes?)?(?![/ ]*1\.73)", "time", 1 / 1440),
    (r"h(?:ou)?rs?|h", "time", 1 / 24),
    (r"(?:(?:business|working|calendar|consecutive|full)\s+)?days?", "time", 1),
    (r"w(?:ee)?ks?", "time", 7),
    (r"mo(?:nth)?s?|mths?", "months", 30.4375),
    (r"y(?:ea)?rs?|y/?o|y", "months", 365.25),
)
_ML_A_MINUTE = r"(?:mL|cc|milli\s?lit(?:er|re)s?)\s*(?:/|per)\s*min(?:ute)?"
_BODY_SURFACE = r"1[.,]73\s*(?:m\s?\^?\(?2\)?|met(?:er|re)s?[ -]squared?|square[ -]met(?:er|re)s?)"
_PERIODS = {"day": 1.0, "week": 7.0, "month": 30.4375}
_FREQUENCIES: tuple[Row, ...] = tuple(
    (rf"{times}\s*(?:/|per|an?|each|every)\s*{period}", f"{name} in a time", factor / length)
    for period, length in _PERIODS.items()
    for times, name, factor in (
        (r"h(?:ou)?rs?", "hours", 1),
        (r"min(?:ute)?s?", "hours", 1 / 60),
        (r"days?", "days", 1),
    )
)
_RATES: tuple[Row, ...] = (
    (rf"{_ML_A_MINUTE}\s*(?:/|per)\s*{_BODY_SURFACE}", "clearance for body surface", 1),
    (_ML_A_MINUTE, "clearance", 1),
    (r"L\s*/\s*min(?:ute)?", "flow", 1),
    (r"bpm|beats?\s*(?:/|per)\s*min(?:ute)?|/\s*min(?:ute)?|breaths?\s*(?:/|per)\s*min(?:ute)?", "rate", 1),
)
_BODY: tuple[Row, ...] = (
    (r"kg\s*(?:/|per)\s*m\s?\^?\(?2\)?", "body mass", 1),
    (r"mm\s?-?Hg", "pressure", 1),
    (r"m(?:illi)?sec(?:ond)?s?|ms", "beat", 1),
    (r"sec(?:ond)?s?|s", "beat", 1000),
    (r"°\s?C|℃|degrees? C(?:elsius)?", "celsius", 1),
    (r"°\s?F|℉|degrees? F(?:ahrenheit)?", "fahrenheit", 1),
    (r"%|percent|per cent", "percent", 1),
    (r"kgs?|kilograms?", "g", 1000),
    (r"pounds?|lbs?\.?", "g", 453.592),
    (r"pack[- ]?years?", "pack-years", 1),
    (r"(?:(?:elimination|terminal|plasma|drug|biological)\s+)?half[- ]?li(?:ves|fe)", "half-lives", 1),
    (r"microns?|micromet(?:er|re)s?|[µμ]m", "length", 1e-3),
    (r"mm|millimet(?:er|re)s?", "length", 1),
    (r"cm|centimet(?:er|re)s?", "length", 10),
)
_PREFIXES = {"k": 1e3, "": 1.0, "d": 0.1, "c": 0.01, "m": 1e-3, "u": 1e-6, "µ": 1e-6, "μ": 1e-6, "mc": 1e-6,
             "micro": 1e-6, "n": 1e-9, "p": 1e-12, "f": 1e-15, "milli": 1e-3, "deci": 0.1}  # fmt: skip
_SMALL = r"(?P<small>mc|micro|[kmuµμnpf])?(?P<base>grams?|gm?|mol|IU|U|mIU|Eq)"
_VOLUME = r"(?:(?P<each>mc|micro|deci|milli|[dmuµμ])?L(?:it(?:er|re))?)"
_MIXED = re.compile(
    rf"\s*{_SMALL}\s*(?:/|per)\s*(?:{_VOLUME}|(?P<other>day|d|kg/day|kg|m\^?2|week|mol))(?![a-z])", re.IGNORECASE
)
_DOSE = re.compile(
    r"\s*(?P<small>mc|micro|[kmuµμ])?(?:gm?|grams?)(?P<daily>\s*(?:daily|a day|per day|QD))?(?![a-z/])", re.IGNORECASE
)
_COUNTS = r"(?:cells?|platelets|copies|leu[ck]ocytes|neutrophils|CFU)"
_DROP = r"(?:(?:mm|cubic millimet(?:er|re)s?|cu\.? ?mm)\s?\^?\(?3?\)?|(?:mc|micro|milli|[uµμm])?\s?L(?:it(?:er|re))?)"
_CELLS = re.compile(
    rf"\s*(?P<kilo>K\s*(?=/))?(?P<name>{_COUNTS}\s*)?(?:/|per\s)\s*(?P<volume>{_DROP})(?![a-z])"
    r"|\s*(?P<giga>(?-i:G)(?:iga)?/L)(?![a-z])",
    re.IGNORECASE,
)
_NORMAL: tuple[Row, ...] = (
    (rf"{_LIMIT_LEAD}(?:ULN|UNL|upper (?:normal limits?|limits?(?:{_OF_NORMAL})))", "upper normal", 1),
    (rf"{_LIMIT_LEAD}(?:LLN|LNL|lower (?:normal limits?|limits?(?:{_OF_NORMAL})))", "lower normal", 1),
)
_ROWS = (*_RATES, *_FREQUENCIES, *_NORMAL, *_BODY, *_TIMES)
_PLAIN = re.compile(
    r"\s*-?\s*(?:" + "|".join(f"(?P<u{n}>{pattern})" for n, (pattern, _, _) in enumerate(_ROWS)) + r")(?![a-zA-Z])",
    re.IGNORECASE,
)
_NORMALS = re.compile(
    r"\s*(?:" + "|".join(f"(?P<u{n}>{pattern})" for n, (pattern, _, _) in enumerate(_NORMAL)) + r")(?![a-zA-Z])",
    re.IGNORECASE,
)


def unit_at(text: str, position: int) -> tuple[Unit, int] | None:
    """The unit that stands at a position (spaces and a hyphen before it aside), and where it ends."""
    for reader in (_plain, _cells, _mixed, _dose):
        found = reader(text, position)
        if found:
            return found
    return None


def normal_limit_at(text: str, position: int) -> tuple[Unit, int] | None:
    """ "ULN" or "the upper limit of normal" told without a number."""
    match = _NORMALS.match(text, position)
    return _listed(match, _NORMAL) if match else None


def _plain(text: str, position: int) -> tuple[Unit, int] | None:
    match = _PLAIN.match(text, position)
    return _listed(match, _ROWS) if match else None


def _listed(match: re.Match[str], rows: tuple[Row, ...]) -> tuple[Unit, int]:
    _, kind, factor = rows[int((match.lastgroup or "u0")[1:])]
    rough = kind == "months"
    return Unit("time" if rough else kind, factor, match[0].strip(" -"), rough), match.end()


def _cells(text: str, position: int) -> tuple[Unit, int] | None:
    match = _CELLS.match(text, position)
    if not match:
        return None
    if match["giga"]:
        return Unit("cells", 1e9, match[0].strip()), match.end()
    volume = match["volume"].lower().replace(" ", "")
    size = 1e6 if volume.startswith(("mm", "cu", "mc", "micro", "u", "µ", "μ")) else (1e3 if volume[0] == "m" else 1.0)
    name = (match["name"] or "").strip().lower()
    kind = name if name in {"copies", "cfu"} else "cells"
    return Unit(kind, size * (1e3 if match["kilo"] else 1), match[0].strip()), match.end()


def _mixed(text: str, position: int) -> tuple[Unit, int] | None:
    match = _MIXED.match(text, position)
    if not match:
        return None
    base = "g" if match["base"].lower().startswith("g") else match["base"].lower().removeprefix("mi").replace("iu", "u")
    size = _PREFIXES[(match["small"] or "").lower()] * (1e-3 if match["base"].lower() == "miu" else 1)
    if match["other"]:
        each = match["other"].lower().replace("^", "")
        return Unit(f"{base} a {'day' if each == 'd' else each}", size, match[0].strip()), match.end()
    return Unit(f"{base} in a litre", size / _PREFIXES[(match["each"] or "").lower()], match[0].strip()), match.end()


def _dose(text: str, position: int) -> tuple[Unit, int] | None:
    match = _DOSE.match(text, position)
    if not match:
        return None
    kind = "g a day" if match["daily"] else "g"
    return Unit(kind, _PREFIXES[(match["small"] or "").lower()], match[0].strip()), match.end()
