"""The first use of a term in a message explains it: "Tighter (fewer people fit)". Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from monitor.deliver.render.telling import Part, Statement, Story
from monitor.model.change import Category

MEANINGS: Final = {"tighter": "fewer people fit", "looser": "more people fit"}
_TERM: Final = re.compile(r"(?<!\S)(Tighter|Looser)(?=\.(?:\s|\Z))")


@dataclass(slots=True)
class Terms:
    """The terms that a message has not explained yet; one for each message, asked in the order of its text."""

    left: dict[str, str] = field(default_factory=lambda: dict(MEANINGS))

    def story(self, story: Story) -> Story:
        """The same story, its terms explained where it first uses them."""
        headline = story.headline
        if headline.first and headline.first.category is Category.CRITERIA:
            lines = tuple(self._text(line) for line in headline.lines)
            headline = replace(headline, lines=lines, rest=self._parts(headline.rest))
        return Story(headline=headline, others=self.statements(story.others))

    def statements(self, several: tuple[Statement, ...]) -> tuple[Statement, ...]:
        """The same statements, as `story` does it."""
        return tuple(self._statement(each) for each in several)

    def _statement(self, statement: Statement) -> Statement:
        """Only a criterion is called so by us; elsewhere the word is the record's own."""
        if statement.category is not Category.CRITERIA or not self.left:
            return statement
        parts = self._parts(statement.parts)
        return replace(statement, parts=parts, tag=self._tag(statement.tag))

    def _parts(self, parts: tuple[Part, ...]) -> tuple[Part, ...]:
        """What is strong is the record's, and is left as it is."""
        return tuple(part if part.strong else Part(self._text(part.text)) for part in parts)

    def _text(self, text: str) -> str:
        found = list(_TERM.finditer(text))
        if not found or not (meaning := self.left.pop(found[-1][1].lower(), None)):
            return text
        return f"{text[: found[-1].end()]} ({meaning}){text[found[-1].end() :]}"

    def _tag(self, tag: str | None) -> str | None:
        word = tag.rpartition(" ")[2].lower() if tag else ""
        meaning = self.left.pop(word, None)
        return f"{tag} ({meaning})" if meaning else tag
