"""The page's words, read into the registry's codes. A word that is not known is kept as it is and named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from monitor.model.sections import Enrollment, StudyDate
from monitor.sources.ctv.codes import CODES, MASKING, STATUS
from monitor.text.dates import PartialDate

_LONGEST_VALUE = 300  # characters of a number, an age or a date; what is longer is prose
UNKNOWN_COUNT = 99_999_999  # the registry's way to say that it does not know

_MASKED = (
    ("PARTICIPANT", re.compile(r"\b(?:participant|patient|subject)s?\b", re.IGNORECASE)),
    ("CARE_PROVIDER", re.compile(r"\b(?:care ?provider|caregiver)s?\b", re.IGNORECASE)),
    ("INVESTIGATOR", re.compile(r"\binvestigators?\b", re.IGNORECASE)),
    ("OUTCOMES_ASSESSOR", re.compile(r"\b(?:outcomes? )?assessors?\b", re.IGNORECASE)),
)
_WORDS = re.compile(r"[^\W_]+")
_PHASE = re.compile(
    r"(?P<early>\bearly\s+)?\bphases?\s*:?\s*(?P<first>[0-4]|iv|i{1,3})\b"
    r"(?:\s*[/&-]\s*(?:phase\s*)?(?P<second>[0-4]|iv|i{1,3})\b)?"
    r"|\b(?:phases?\s*:?\s*)?(?P<none>n/?a\b|not applicable\b)",
    re.IGNORECASE,
)
_FIELD = re.compile(r"\A\s*(?:status|phases?)\s*:", re.IGNORECASE)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_REASON = re.compile(r"(?P<status>[^()]+?)\s*\((?P<reason>.+)\)\Z", re.DOTALL)
_COUNT = re.compile(r"(?<![\d.])\d{1,3}(?:[, ]\d{3})+(?!\d)|\d{1,9}")
_AGE = r"(?P<{0}>\d+(?:\.\d+)?)\s*(?P<{0}_unit>years?|yrs?|months?|mos?|weeks?|wks?|days?|hours?|hrs?|minutes?|mins?)?"
_RANGE = re.compile(
    rf"(?:from |between |ages? ){{0,2}}{_AGE.format('low')}\s*(?:to|-|–|—|and|through|until)\s*{_AGE.format('high')}"
)
_FROM = re.compile(
    rf"(?:(?P<before>from|over|above|at least|minimum|older than|≥|>=|>)\s*)?{_AGE.format('low')}\s*"
    r"(?P<plus>\+)?\s*(?P<late>years?|yrs?|months?|mos?|weeks?|wks?|days?)?(?: old| of age)?"
    r"\s*(?P<after>(?:and|or|&) (?:older|over|above|up)|and more|or more)?"
)
_UP_TO = re.compile(
    rf"(?:(?P<before>up to|under|below|less than|younger than|maximum|at most|until|≤|<=|<)\s*)?{_AGE.format('high')}"
    r"(?: old| of age)?\s*(?P<after>(?:and|or|&) (?:younger|under|below|less))?"
)
_NO_LIMIT = frozenset(
    {"", "n a", "na", "all", "any", "all ages", "any age", "no limit", "not applicable", "child adult older adult"}
)
_UNITS = (
    ("y", "Year"), ("mo", "Month"), ("w", "Week"), ("d", "Day"), ("h", "Hour"), ("mi", "Minute"),
)  # fmt: skip
_OLD = re.compile(r"\b(?:old|of age)\b|[.,;]")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})(?:-(\d{2}))?\b")
_WORDED_DATE = re.compile(r"\b(?:(\d{1,2})\s+)?([A-Za-z]{3,9})\.?\s+(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(\d{4})\b")
_US_DATE = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")


@dataclass(slots=True)
class Unknown:
    """The words of a page that no table knows, for the operator."""

    found: list[str] = field(default_factory=list)

    def code(self, path: str, text: str | None) -> str | None:
        """The registry's code for a word of the page, else the word itself, noted."""
        if not text:
            return None
        code = CODES[path].get(words_of(text))
        return code or self.keep(path, text)

    def keep(self, path: str, text: str) -> str:
        self.found.append(f"{path}: {text}")
        return text


def words_of(text: str) -> str:
    """The words of a text in lower case, one space between them: what tables are asked with."""
    return " ".join(_WORDS.findall(text.casefold()))


def read_status(values: Sequence[str], unknown: Unknown) -> tuple[str | None, str | None, tuple[str, ...]]:
    """Status, the reason of a stop where it is given in brackets, and phases in the registry's order."""
    phases = sorted({phase for value in values for phase in _phases(value)})
    rests = (_FIELD.sub("", _PHASE.sub(" ", value)).strip(" ,;|/·•-–\n") for value in values)
    said = [rest for rest in rests if words_of(rest)]
    if not said:
        return None, None, tuple(phases)
    known = next((each for each in said if words_of(each) in STATUS), said[0])
    with_reason = _REASON.match(known)
    if with_reason and words_of(with_reason["status"]) in STATUS:
        return STATUS[words_of(with_reason["status"])], with_reason["reason"], tuple(phases)
    return unknown.code("status.overall", known), None, tuple(phases)


def _phases(text: str) -> list[str]:
    found = []
    for match in _PHASE.finditer(text):
        if match["none"]:
            found.append("NA")
        for number in (match["first"], match["second"]):
            if number:
                digit = _ROMAN.get(number.lower(), number)
                found.append("EARLY_PHASE1" if match["early"] or digit == "0" else f"PHASE{digit}")
    return found


def read_enrollment(text: str, unknown: Unknown) -> Enrollment:
    """ "20 estimated patients" -> 20, ESTIMATED; a page that says that it is unknown has no count."""
    text = text[:_LONGEST_VALUE]
    found = _COUNT.search(text)
    lowered = text.casefold()
    kind = "ACTUAL" if "actual" in lowered else None
    if kind is None and re.search(r"\b(?:estimated|anticipated|expected|planned|target)\b", lowered):
        kind = "ESTIMATED"
    if not found:
        if words_of(text) not in ("", "n a", "unknown", "not provided"):
            unknown.keep("enrollment", text)
        return Enrollment(type=kind)
    count = int(re.sub(r"\D", "", found[0]))
    return Enrollment(count=None if count == UNKNOWN_COUNT else count, type=kind)


def read_ages(text: str, unknown: Unknown) -> tuple[str | None, str | None]:
    """ "12 to 65 years old" -> "12 Years", "65 Years"; None where there is no limit."""
    text = text[:_LONGEST_VALUE]
    plain = " ".join(_OLD.sub(" ", text.casefold()).split())
    if words_of(plain) in _NO_LIMIT:
        return None, None
    if found := _RANGE.fullmatch(plain):
        high_unit = found["high_unit"] or found["low_unit"]
        return _age(found["low"], found["low_unit"] or high_unit), _age(found["high"], high_unit)
    if (found := _UP_TO.fullmatch(plain)) and (found["before"] or found["after"]):
        return None, _age(found["high"], found["high_unit"])
    if (found := _FROM.fullmatch(plain)) and (found["before"] or found["after"] or found["plus"]):
        return _age(found["low"], found["low_unit"] or found["late"]), None
    unknown.keep("eligibility.ages", text)
    return None, None


def _age(number: str, unit: str | None) -> str:
    name = next((name for start, name in _UNITS if (unit or "years").startswith(start)), "Year")
    return f"{number} {name}" if number == "1" else f"{number} {name}s"


def read_volunteers(text: str, unknown: Unknown) -> bool | None:
    """Whether healthy people may take part."""
    words = words_of(text)
    if not words:
        return None
    if re.match(r"(?:no|not|does not|without)\b", words):
        return False
    if (
        words in ("yes", "accepted", "allowed")
        or "healthy volunteers" in words
        or words == "accepts healthy volunteers"
    ):
        return True
    unknown.keep("eligibility.healthy_volunteers", text)
    return None


def read_masking(text: str, unknown: Unknown) -> tuple[str | None, tuple[str, ...]]:
    """The masking, and who is masked where the page says so in brackets or after it."""
    if not text:
        return None, ()
    head, _, who = text.partition("(")
    masking = MASKING.get(words_of(head)) or next(
        (code for words, code in MASKING.items() if re.match(rf"{words}\b", words_of(head))), None
    )
    rest = who if MASKING.get(words_of(head)) else text
    masked = tuple(code for code, pattern in _MASKED if pattern.search(rest))
    return masking or unknown.keep("design.masking", text), masked if masking != "NONE" else ()


def read_date(text: str) -> StudyDate | None:
    """A date in the registry's, an English or an American spelling, with its type where one is named."""
    text = text[:_LONGEST_VALUE]
    lowered = text.casefold()
    kind = "ACTUAL" if "actual" in lowered else "ESTIMATED" if re.search("estimat|anticipat|expect", lowered) else None
    try:
        date = PartialDate.parse(_spelled(text) or "")
    except ValueError:
        return None
    return StudyDate(date=str(date), type=kind)


def _spelled(text: str) -> str | None:
    """The date of a text as yyyy, yyyy-MM or yyyy-MM-dd; it may still be no day of any calendar."""
    if found := _ISO_DATE.search(text):
        return "-".join(part for part in found.groups() if part)
    if found := _US_DATE.search(text):
        return f"{found[3]}-{int(found[1]):02d}-{int(found[2]):02d}"
    found = _WORDED_DATE.search(text)
    if not found or found[2].casefold()[:3] not in _MONTHS:
        return None
    month = f"{found[4]}-{_MONTHS.index(found[2].casefold()[:3]) + 1:02d}"
    day = found[1] or found[3]
    return f"{month}-{int(day):02d}" if day else month
