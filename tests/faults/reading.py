"""What a message says, by the plain text that a person reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final

OPERATOR: Final = "Trial Monitor, for its operator"
REPEAT: Final = "may be a repeat of alert"
TAKES_BACK: Final = "This takes back what changed"
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
_SEEN: Final = re.compile(r"\bSeen (\d\d? \w{3} \d{4}, \d\d:\d\d UTC)")
_WRITTEN: Final = re.compile(r"\bWritten (\d\d? \w{3} \d{4}, \d\d:\d\d) UTC\.")
_HAPPENED: Final = re.compile(r"What happened: (.*?) Can quiet be trusted\?")
_OUT: Final = re.compile(r"Messages to .*? have waited for |.*? takes no messages\.")
_BACK: Final = re.compile(r".*? takes messages again|Nothing waits for .*? any more\.")
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
    """A delivered message; `also` is another one about the same update, as when a part of it takes something back."""

    entry: Mapping[str, Any]
    also: Told | None = None

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
    def takes_back(self) -> bool:
        return TAKES_BACK in flat(self.story)

    @property
    def seen(self) -> str:
        """The minute in which what it tells was seen; empty if it says none."""
        found = _SEEN.search(flat(self.text))
        return found[1] if found else ""

    @property
    def written(self) -> datetime | None:
        """The minute in which it was planned, if it says so."""
        found = _WRITTEN.search(flat(self.text))
        return datetime.strptime(found[1], "%d %b %Y, %H:%M").replace(tzinfo=UTC) if found else None

    def says_out(self, destination: str) -> bool:
        """True for a notice that this destination takes nothing now."""
        return self._names(destination, _OUT)

    def says_back(self, destination: str) -> bool:
        """True for a notice that nothing waits for it any more."""
        return self._names(destination, _BACK)

    def _names(self, destination: str, said: re.Pattern[str]) -> bool:
        happened = _HAPPENED.findall(flat(self.text)) if self.kind == "notice" else []
        return any(holds(found[0], destination) for each in happened if (found := said.match(each)))

    @property
    def story(self) -> str:
        """What happened, without what stands below: links, what did not change, where it was seen."""
        end = _FOOT.search(self.text)
        own = self.text[: end.start()] if end else self.text
        return f"{own}\n{self.also.story}" if self.also else own

    @property
    def trial(self) -> str:
        """The trial that the message is about; empty if it names none."""
        found = _IDENTITY.search(self.text) or _NUMBER.search(self.text)
        return found[0] if found else ""

    @property
    def statements(self) -> int:
        """How many changes it tells."""
        if self.also:
            return Told(self.entry).statements + self.also.statements
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


def united(told: Sequence[Told]) -> list[Told]:
    """What takes something back and tells of the rest of the same update in another message, as one."""
    found: list[Told] = []
    for each in told:
        last = found[-1] if found else None
        if last and not last.also and last.takes_back is not each.takes_back and last.seen and last.seen == each.seen:
            found[-1] = Told(last.entry, also=each)
        else:
            found.append(each)
    return found
