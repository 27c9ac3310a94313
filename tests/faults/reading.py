"""What a message says, by the plain text that a person reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

OPERATOR: Final = "Trial Monitor, for its operator"
OPERATOR_OUT: Final = "Messages to operator have waited for more than a day."
REPEAT: Final = "may be a repeat of alert"
EVENTS: Final = {
    "gone": "is no longer found at",
    "merged": "is now part of",
    "back": "is found again at",
    "again": "Submitted again. Nothing else in the record changed.",
}
"""By what a reader is told of a turn in a record's life, or that it was submitted anew as it had been."""

_SEVERITY: Final = re.compile(r"^\[(?:critical|major|minor|administrative)\] \S", re.MULTILINE)
_WITHOUT_FIRST: Final = re.compile(r"^What changed$", re.MULTILINE)
_IDENTITY: Final = re.compile(r"^NCT\d{8}(?=, )", re.MULTILINE)
_NUMBER: Final = re.compile(r"\bNCT\d{8}\b")
_VALUE: Final = re.compile(r"^  (was|now): (?P<text>.*(?:\n {5,}\S.*)*)", re.MULTILINE)
_FOOT: Final = re.compile(r"^(?:Not changed: |-- ?$|Compare versions |Read the record:)", re.MULTILINE)
_REMOVAL: Final = re.compile(
    r"\b(?:removed|no longer|is gone|not stated|nothing)\b|^  now: (?:nothing|none|-)", re.IGNORECASE | re.MULTILINE
)


def flat(text: str) -> str:
    """The text without its line breaks."""
    return " ".join(text.split())


def holds(text: str, word: str) -> bool:
    """True if `word` stands in `text` by itself: "1,234" is not in "1,2345"."""
    return re.search(rf"(?<![\w,-]){re.escape(word)}(?![\w-]|,\d)", text) is not None


@dataclass(frozen=True, slots=True)
class Told:
    """A delivered message."""

    entry: Mapping[str, Any]

    @property
    def recipient(self) -> str:
        return str(self.entry["recipient"])

    @property
    def alert(self) -> str:
        return str(self.entry["alert"])

    @property
    def text(self) -> str:
        return str(self.entry["text"])

    @property
    def kind(self) -> str:
        """notice, welcome, test, change, or one of EVENTS."""
        flatly = flat(self.text)
        if OPERATOR in flatly:
            return "notice"
        if "Now watching " in flatly[:200]:
            return "welcome"
        if "A test message to " in flatly[:200]:
            return "test"
        return next((kind for kind, words in EVENTS.items() if words in flat(self.story)), "change")

    @property
    def stands_in(self) -> bool:
        """True for a notice that goes to a reader because the operator's own destination takes nothing."""
        return self.kind == "notice" and OPERATOR_OUT in flat(self.text)

    @property
    def story(self) -> str:
        """What happened, without what stands below: links, what did not change, where it was seen."""
        end = _FOOT.search(self.text)
        return self.text[: end.start()] if end else self.text

    @property
    def trial(self) -> str:
        """The trial that the message is about; empty if it names none."""
        found = _IDENTITY.search(self.text) or _NUMBER.search(self.text)
        return found[0] if found else ""

    @property
    def statements(self) -> int:
        """How many changes it tells."""
        first = 0 if _WITHOUT_FIRST.search(self.story) else 1
        return first + len(_SEVERITY.findall(self.story))

    @property
    def repeats(self) -> bool:
        return REPEAT in flat(self.text)

    @property
    def says_removed(self) -> bool:
        return _REMOVAL.search(self.story) is not None

    def shows(self, before: str, after: str) -> bool:
        """True if it says that `before` became `after`; where one of them is empty the other only has to be there."""
        if before and after:
            return any(holds(old, before) and holds(new, after) for old, new in self.values())
        return not (before or after) or holds(self.story, before or after)

    def values(self) -> Iterator[tuple[str, str]]:
        """Each old value with the new one below it: ("1,234 people", "1,237 people")."""
        found = [(each[1], flat(each["text"])) for each in _VALUE.finditer(self.story)]
        for (one, old), (other, new) in pairwise(found):
            if (one, other) == ("was", "now"):
                yield old, new
