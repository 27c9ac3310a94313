"""Steps of a scale as criteria write them: "0, 1 or 2", "III/IV", "IIIB", "A or B7"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

SCALE_WORD = re.compile(
    r"(?:NCI[- ])?(?:CTCAE\s*)?(?:v?\d\.\d+\s*)?(?:grades?|class|NYHA(?:\s+class)?|stages?"
    r"|ECOG(?:\s+(?:PS|performance\s+status))?)\s*",
    re.IGNORECASE,
)
_STEP = re.compile(
    r"(?P<digit>\d{1,3})(?![\d.%,]*\d|\s?%)(?P<part>[a-d])?(?![\w/])|(?P<roman>IV|III|II|I|V|[Ⅰ-Ⅴ])(?P<letter>[A-Da-d])?\d?(?![\w])"
    r"|(?P<pugh>[ABC])(?P<points>\d{1,2})?(?![\w])"
)
_NEXT = re.compile(
    r"\s*(?:,\s*(?:or|and)?|/|-|–|~|\bto\b|\bor\b|\band\b|through\b|thru\b)\s*(?:(?:grades?|stages?|class|status)\s+)?",
    re.IGNORECASE,
)
_SPAN = re.compile(r"-|–|~|\bto\b|through|thru", re.IGNORECASE)
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "Ⅴ": 5}
_HIGHEST = 6
_LONG = frozenset({"Karnofsky", "Lansky", "Child-Pugh"})
_PUGH = {"A": (5.0, 6.0), "B": (7.0, 9.0), "C": (10.0, 15.0)}


@dataclass(frozen=True, slots=True)
class Steps:
    """From `low` to `high` of a scale, `end` of its text; `single` if one step was named ("A" is 5 to 6 points)."""

    low: float
    high: float
    end: int
    single: bool = True


def may_be_step(token: str) -> bool:
    """True for a token with which a step can start."""
    return bool(_STEP.match(token))


def step_at(text: str, position: int, scale: str | None) -> Steps | None:
    """The one step that starts at a position; None if there is none or none of that scale."""
    match = _STEP.match(text, position)
    if not match or (match["pugh"] and scale != "Child-Pugh") or (match["roman"] and scale in {"ECOG", "Karnofsky"}):
        return None
    low, high = _ends(match, scale)
    if high > _HIGHEST and scale not in _LONG:
        return None  # "NYHA class II, 65 years"
    return Steps(low, high, match.end())


def steps_at(text: str, position: int, scale: str) -> Steps | None:
    """The steps listed from a position on; None if steps between them are left out ("1 or 3")."""
    step = step_at(text, position, scale)
    if not step:
        return None
    listed, spans = [step], []
    while (joint := _NEXT.match(text, listed[-1].end)) and (following := step_at(text, joint.end(), scale)):
        listed.append(following)
        spans.append(bool(_SPAN.search(joint[0])))
    gaps = (later.low > before.high + 1 for before, later in pairwise(listed))
    if any(gap and not span for gap, span in zip(gaps, spans, strict=True)):
        return None
    return Steps(min(s.low for s in listed), max(s.high for s in listed), listed[-1].end, single=len(listed) == 1)


def _ends(step: re.Match[str], scale: str | None) -> tuple[float, float]:
    if step["digit"]:
        digit = float(step["digit"]) + _part(step["part"])
        return digit, digit
    if step["pugh"]:
        return (float(step["points"]), float(step["points"])) if step["points"] else _PUGH[step["pugh"]]
    whole = _ROMAN[step["roman"].upper()]
    if step["letter"]:
        return whole + _part(step["letter"]), whole + _part(step["letter"])
    return (whole + 0.1, whole + 0.9) if scale == "stage" else (float(whole), float(whole))


def _part(letter: str | None) -> float:
    """Where IIIA, IIIB, IIIC lie between III and IV."""
    return ("abcd".index(letter.lower()) + 1) / 10 if letter else 0
