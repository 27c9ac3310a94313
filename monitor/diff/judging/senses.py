"""Whether more people fit, or fewer, if the words at a place of a criterion describe more people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from monitor.diff.bounds import Bound, find_bounds
from monitor.diff.judging.measures import worsens
from monitor.diff.judging.reach import turned
from monitor.diff.judging.signals import DENIED, EXCEPTION, Sense, blank, verdict

_END = re.compile(r";|\n|(?<!e\.g)(?<!i\.e)(?<!\bvs)(?<!\bno)(?<!approx)(?<!incl)\.\s+", re.IGNORECASE)
_CLOSED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_DONE = re.compile(r"\b(?:\w+ed|not|has|have|was|were|no|that|which|who|without|off|if|with|in|by)\b", re.IGNORECASE)
_ALL_OF_IT = re.compile(  # where more things named are more to be done: "at least 4 weeks since A [or B]"
    r"\b(?:recover\w*|resol\w+|returned|toxicit\w+|since|elapsed|negative|wash-?out|complet\w+|discontinu\w+|stopped"
    r"|refrain\w*|abstain\w*|before|prior\s+to)\b",
    re.IGNORECASE,
)
_DEMAND = re.compile(
    r"\b(?:must|should|shall|needs?\s+to|(?:is|are)\s+required\s+to|ha(?:ve|s)\s+to|agree[sd]?\s+to|required)\b",
    re.IGNORECASE,
)
_MUST = re.compile(
    r"(?<!who )(?<!that )(?<!which )\b(?:must|should|shall)\b(?!\s+exclude)"
    r"|(?<!who )(?<!that )(?<!which )\b(?:may\s+not|cannot)\s+have"
    r"\s+(?:had|been|any|more|taken|undergone|\w+ed|a\s+history)\b"
    r"|\b(?:patient|subject|participant)s\s+may\s+not\s+(?:have\b|be\s+(?!able|willing|suitable|safe|possible|eligible))",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"\W*(?:the\s+|all\s+|any\s+)?(?:[\w-]+\s+){0,2}?(?:patients?|subjects?|participants?|individuals?|wom[ae]n|m[ae]n"
    r"|fe?males?|child(?:ren)?|persons?|those|adults?|volunteers?)\b|\W*(?:if|for|in|when|should\s+(?:an?|the))\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"(?<!only )(?<!even )\b(?:if|when|for\s+(?:patients|subjects|participants|those|wom[ae]n|m[ae]n)"
    r"|in\s+(?:patients|subjects|participants|the\s+(?:presence|case|event))\b|in\s+case)\b",
    re.IGNORECASE,
)
_DEMANDED = re.compile(
    r"\b(?:must|required?|requirement|recover\w*|resol\w+|returned|agree|negative|willing|adequate|need)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\b(?:received|provide|undergo|documented|confirmed|willing|able|should|completed|treated\s+with|on\s+a)\b",
    re.IGNORECASE,
)
_RECOVERED = re.compile(r"\b(?:recover\w*|resol\w+|returned|toxicit\w+)\b", re.IGNORECASE)
_MISPLACED = re.compile(  # "No history of stroke" among the exclusions: who can say which of both is meant
    r"\W*(?:(?:the|patients?|subjects?|participants?|who|have|has|had|with)\s+)*(?:no|without|never|none|absence\s+of|free\s+of)\b"
    r"(?!\s+(?:recovery|access|measurable|evaluable|available|adequate|response|consent|document\w+|ability|knowledge"
    r"|improvement|more|less|evidence\s+of\s+(?:disease|response)))",
    re.IGNORECASE,
)
_OTHER = re.compile(r"\bother\s+than\b", re.IGNORECASE)
_COMMA = re.compile(r"[,(]\s*\Z")


@dataclass(frozen=True, slots=True)
class _Place:
    """The words of a sentence before a place, and the sentence; limits and closed brackets are blanks in both."""

    before: str
    sentence: str
    section: Sense
    limited: Literal["measured", "otherwise"] | None = None  # what the last limit before the place is about


def sense_at(section: Sense, text: str, position: int, bound: Bound | None = None) -> Sense | None:
    """+1 if more people fit when the words at a position describe more people, -1 if fewer; None if unsure.

    `section` is +1 where a criterion lets people in, -1 where it keeps them out. With `bound` the place is that limit.
    """
    place = _place(section, text, position)
    if section == -1 and _MISPLACED.match(place.before):
        return None
    exceptions = _open_exceptions(place.before, bound)
    if exceptions is None:
        return None
    inside = place.before[exceptions[-1].end() if exceptions else 0 :]
    sign = _sense_of_exception(place, exceptions[-1]) if exceptions else _frame(place, place.before)
    if sign is None or _supposed(place, inside, sign) or (not bound and sign == 1 and _ALL_OF_IT.search(inside)):
        return None
    return turned(inside, sign, bound)


def exception_at(section: Sense, text: str, position: int) -> Sense | None:
    """+1 if more people fit when an exception that starts at a position takes out more; None if unsure."""
    place = _place(section, text, position)
    match = EXCEPTION.match(place.sentence, len(place.before))
    earlier = EXCEPTION.search(_without_others(place.before) if section == -1 else place.before)
    return _sense_of_exception(place, match) if match and not earlier else None


def _without_others(before: str) -> str:
    """Without the "other than" that only names what is meant: "malignancy other than lymphoma, unless ..."."""
    return _OTHER.sub(blank, before)


def in_exception(text: str, position: int) -> bool:
    """True if an exception begins before a position in its sentence."""
    start, _ = sentence_of(text, position)
    return bool(EXCEPTION.search(text, start, position))


def demands(before: str) -> bool:
    """True if the words before a place begin a sentence of what must be, whatever it stands among."""
    return bool(_MUST.search(before))


def sentence_of(text: str, position: int) -> tuple[int, int]:
    """Where the sentence around a position starts and ends."""
    start = 0
    for match in _END.finditer(text):
        if match.end() > position:
            return start, match.start()
        start = match.end()
    return start, len(text)


def _place(section: Sense, text: str, position: int) -> _Place:
    start, end = sentence_of(text, position)
    sentence = text[start:end]
    limited = _limited(sentence, position - start)
    for bound in find_bounds(sentence):
        if bound.manner != "lasting":
            sentence = sentence[: bound.start] + " " * (bound.end - bound.start) + sentence[bound.end :]
    before = _CLOSED.sub(blank, sentence[: position - start])
    return _Place(before, before + _CLOSED.sub(blank, sentence[position - start :]), section, limited)


def _limited(sentence: str, position: int) -> Literal["measured", "otherwise"] | None:
    """Whether the last limit before a position is one on a measure whose bad end is known."""
    limits = [bound for bound in find_bounds(sentence) if bound.end <= position and not bound.timed]
    if not limits:
        return None
    return "measured" if worsens(limits[-1].what(sentence)) else "otherwise"


def _open_exceptions(before: str, bound: Bound | None) -> list[re.Match[str]] | None:
    """The exceptions that reach to the end of `before`; None if that is not sure."""
    found = list(EXCEPTION.finditer(before))
    if not found:
        return found
    last, inside = found[-1], before[found[-1].end() :]
    others = [match for match in found[:-1] if not _OTHER.match(match[0])]
    if others and not _COMMA.search(before[: last.start()]):
        return None
    if not bound or not bound.timed or bound.manner != "window" or _DONE.search(inside):
        return found
    enclosed = _COMMA.search(before[: last.start()]) and _COMMA.search(inside) and inside.count(",") == 1
    if enclosed or last[0].lower().startswith("other"):
        return found[:-1]  # "malignancy other than melanoma within 5 years"
    return None if inside.strip(" ,") else found


def _frame(place: _Place, before: str) -> Sense | None:
    """Whether the sentence lets in or keeps out: by its own verdict, by its "must", else by its section."""
    main = before if EXCEPTION.search(before) else EXCEPTION.split(place.sentence, maxsplit=1)[0]
    aside = before.rfind("(")
    said = verdict(place.sentence[aside:]) if aside >= 0 else None
    said = verdict(main) if said is None else said
    if said is not None or DENIED.search(main):
        return said
    must = _MUST.search(main) if place.section == -1 else None
    if must:
        return 1 if must.start() < len(before) else None
    return place.section


def _sense_of_exception(place: _Place, exception: re.Match[str]) -> Sense | None:
    """What an exception that takes out more does; in what lets in it depends on what is asked for."""
    main, inside = place.before[: exception.start()], place.sentence[exception.end() :]
    said, frame = verdict(inside), _frame(place, main)
    if said is not None and (place.section == -1 or frame == -1):
        return said
    if frame != 1:
        return None if frame is None else 1
    turns = turned(main, 1, None)
    if turns == -1 or _RECOVERED.search(main):
        return 1
    if turns is None or verdict(main) == 1:
        return None if turns is None else -1
    return _waives(place, main, unless=exception[0].lower() == "unless")


def _waives(place: _Place, main: str, *, unless: bool) -> Sense | None:
    """+1 if an exception frees from a demand, -1 if it takes out some of those let in."""
    if place.limited and (unless or place.limited == "measured"):
        return 1
    if _DEMANDED.search(main) or (unless and _ASKED.search(main)):
        return 1 if unless else None
    return None if unless else -1


def _supposed(place: _Place, inside: str, sign: Sense) -> bool:
    """True where the words only say whom a demand is for: "women [of childbearing potential] must ..."."""
    if sign == -1 or verdict(place.sentence) is not None:
        return False
    rest = place.sentence[len(place.before) :]
    if _DEMAND.search(rest) and not _DEMAND.search(inside) and _PEOPLE.match(inside):
        return True
    conditions = list(_CONDITION.finditer(inside))
    if not conditions:
        return False
    opens = not inside[: conditions[-1].start()].strip()
    return not (opens and re.search(r"[,:]", inside[conditions[-1].end() :]))
