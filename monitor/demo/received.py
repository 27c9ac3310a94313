"""What the demo's servers took on one day, kept as files and told as lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from monitor.demo.mailbox import Letter
from monitor.demo.webhooks import Hook
from monitor.text.clean import harmless

_RULE = "    | "


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """The messages of one day. `in_full` shows their whole text; else one line each."""

    day: int
    letters: tuple[Letter, ...]
    hooks: tuple[Hook, ...]
    in_full: bool = False

    @property
    def nothing(self) -> bool:
        return not self.letters and not self.hooks


def keep(received: Received, folder: Path) -> dict[Letter, Path]:
    """Write each mail (.eml, .txt, .html) and each webhook (.json) into `folder`; where each mail's HTML went."""
    (folder / "mail").mkdir(exist_ok=True)
    (folder / "slack").mkdir(exist_ok=True)
    kept = {}
    for number, letter in enumerate(received.letters, start=1):
        path = folder / "mail" / f"day-{received.day}-{number}-{_recipient(letter)}.eml"
        path.write_bytes(letter.content)
        path.with_suffix(".txt").write_text(letter.part("plain"), encoding="utf-8")
        kept[letter] = path.with_suffix(".html")
        kept[letter].write_text(letter.part("html"), encoding="utf-8")
    for number, hook in enumerate(received.hooks, start=1):
        (folder / "slack" / f"day-{received.day}-{number}.json").write_bytes(hook.content)
    return kept


def _recipient(letter: Letter) -> str:
    return re.sub(r"\W+", "-", letter.recipients[0].partition("@")[0])


def tell(received: Received, kept: dict[Letter, Path]) -> Iterator[str]:
    """The lines that say what arrived."""
    if received.nothing:
        yield "  Nothing was sent."
    for letter in received.letters:
        yield f"  E-mail to {', '.join(letter.recipients)}: {harmless(letter.subject)}"
        if received.in_full:
            yield from _quoted(letter.part("plain"))
            yield f"    (its HTML: {kept[letter]})"
    for hook in received.hooks:
        yield f"  Slack, #trials: {_first_line(hook.text)}"
        if received.in_full:
            yield from _quoted(hook.text)


def _quoted(text: str) -> Iterator[str]:
    for line in text.strip().splitlines():
        yield f"{_RULE}{harmless(line)}".rstrip()


def _first_line(text: str) -> str:
    return harmless(text.strip().partition("\n")[0])
