"""For who can enter: is a changed criterion looser, tighter, only reworded, or unclear. Never a guess."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from monitor.diff.judging.changes import Changes, Edit, changes_between, same_parts
from monitor.diff.judging.effects import effect
from monitor.diff.judging.exchanges import exchange, whichever
from monitor.diff.judging.limits import limit_effect, measures_when
from monitor.diff.judging.measures import names_measure
from monitor.diff.judging.moves import limit_json
from monitor.diff.judging.parents import is_demand, item_growth
from monitor.diff.judging.phrases import Phrase
from monitor.diff.judging.senses import sense_at, sentence_of
from monitor.diff.judging.signals import Sense, verdict
from monitor.diff.judging.wording import Word, words_of
from monitor.diff.sameness import folded, spelled
from monitor.model.json import Json

Direction: TypeAlias = Literal["looser", "tighter", "reworded", "unclear"]

_WIDE = {0xFEE0 + sign: sign for sign in range(0x21, 0x7F)} | {
    0xFE64: ord("<"),
    0xFE65: ord(">"),
}  # "＞" as typed in Asia
_LONGEST = 10_000  # letters; no criterion is longer, and a text that is would take long to be judged


@dataclass(frozen=True, slots=True)
class Judgement:
    """A direction and the limits that moved, as the outer contract spells them."""

    direction: Direction
    bounds: tuple[Json, ...] = ()
    spans: tuple[str, str] | None = None  # the words of the one limit that moved, if nothing else changed


@dataclass(frozen=True, slots=True)
class _Pair:
    """A criterion before and after, as text and as the words that carry meaning."""

    section: Sense
    texts: tuple[str, str]
    words: tuple[list[Word], list[Word]]


def judge_item(section: str, text: str, parent: str | None, *, added: bool) -> Direction:
    """An item that came or went. An inclusion item more is tighter, an exclusion item less is looser."""
    if max(len(text), len(parent or "")) > _LONGEST:
        return "unclear"
    growth = item_growth(section, text, parent)
    return named(growth if added else -growth)


def judge_change(section: str, before: str, after: str, parent: str | None = None) -> Judgement:
    """One item before and after; `parent` is the text that the item stands under, if it stayed the same."""
    lead = f"{folded(parent)}: " if folded(parent) else ""
    texts = (lead + (folded(before) or "")).translate(_WIDE), (lead + (folded(after) or "")).translate(_WIDE)
    if spelled(texts[0]) == spelled(texts[1]):
        return Judgement("reworded")
    if max(map(len, texts)) > _LONGEST:
        return Judgement("unclear")
    pair = _Pair(-1 if section == "exclusion" else 1, texts, (words_of(texts[0]), words_of(texts[1])))
    changes = changes_between(*pair.words)
    if changes is None:
        return Judgement("unclear")
    bounds = tuple(_bounds_json(pair, changes))
    if same_parts(*pair.words):
        return Judgement("reworded")
    effects = [*_limit_effects(pair, changes), *_edit_effects(pair, changes)]
    direction = _direction(effects)
    asked = section in {"inclusion", "exclusion"} or all(map(is_demand, texts))
    if not asked and direction != "reworded":
        direction = "unclear"
    return Judgement(direction, bounds, _only_limit(pair, changes, effects))


def _direction(effects: Sequence[int | None]) -> Direction:
    """What all the changes have in common; "unclear" if one of them is, or if they pull apart."""
    told = {each for each in effects if each != 0}
    if not told:
        return "reworded"
    return named(next(iter(told)) or 0) if len(told) == 1 else "unclear"


def named(growth: int, *, same: Direction = "unclear") -> Direction:
    """The direction of +1 (more people can enter) or -1; `same` for 0."""
    return same if growth == 0 else ("looser" if growth > 0 else "tighter")


def _limit_effects(pair: _Pair, changes: Changes) -> Iterator[int | None]:
    for old, new in changes.limits:
        yield limit_effect(pair.section, *pair.texts, old, new)


def _edit_effects(pair: _Pair, changes: Changes) -> Iterator[int | None]:
    joints = sum(_is_joint(pair, edit) for edit in changes.edits)
    for edit in changes.edits:
        # a list that ends with "or" where it ended with "and" means as a rule the same
        yield None if joints > 1 and _is_joint(pair, edit) else _edit_effect(pair, edit)


def _is_joint(pair: _Pair, edit: Edit) -> bool:
    return edit.old[1] > edit.old[0] and edit.new[1] > edit.new[0] and pair.words[0][edit.old[0]].joint


def _edit_effect(pair: _Pair, edit: Edit) -> int | None:
    gone, come = pair.words[0][slice(*edit.old)], pair.words[1][slice(*edit.new)]
    if [_comma(text, words) for text, words in zip(pair.texts, (gone, come), strict=True)].count(True) and not (
        gone and come
    ):
        return 0
    turned = _turned_verdict(pair, edit)
    if turned is not None:
        return turned
    if not gone or not come:
        return _one_sided(pair, edit, 0 if gone else 1)
    if whichever(gone) and whichever(come):
        return _whichever_effect(pair, edit)
    grown = exchange(gone, come)
    if grown is not None:
        return _exchange_effect(pair, edit, grown)
    cut, put = _one_sided(pair, edit, 0), _one_sided(pair, edit, 1)
    return (cut or 0) + (put or 0) if 0 in (cut, put) and None not in (cut, put) else None


def _turned_verdict(pair: _Pair, edit: Edit) -> int | None:
    """+1 if a sentence that kept people out now lets them in, -1 the other way; None if its verdict is as it was."""
    changed = {
        word.key for words, span in zip(pair.words, (edit.old, edit.new), strict=True) for word in words[slice(*span)]
    }
    one_sided = edit.old[0] == edit.old[1] or edit.new[0] == edit.new[1]
    if not all(pair.words) or (one_sided and not changed <= {"not", "no", "never", "longer"}):
        return None
    said = []
    for text, words, place in zip(pair.texts, pair.words, (edit.old[0], edit.new[0]), strict=True):
        start, end = sentence_of(text, words[min(place, len(words) - 1)].start)
        said.append(verdict(text[start:end]))
    return said[1] if None not in said and said[0] != said[1] else None


def _comma(text: str, words: Sequence[Word]) -> bool:
    """True for the comma of a list alone, which stood for the joint at its end."""
    return len(words) == 1 and words[0].joint and text[words[0].start] == ","


def _whichever_effect(pair: _Pair, edit: Edit) -> int | None:
    """ "Whichever is longer" put in the place of "whichever is shorter" moves the limit that stands before it."""
    step = (whichever(pair.words[1][slice(*edit.new)]) - whichever(pair.words[0][slice(*edit.old)])) // 2
    limits = [word.bound for word in pair.words[0][: edit.old[0]] if word.bound and not word.bound.exact]
    asked = any(word.key == "whichever" for word in pair.words[0][max(0, edit.old[0] - 3) : edit.old[0]])
    if not step or not limits or not asked:
        return None
    sense = sense_at(pair.section, pair.texts[0], limits[-1].start, limits[-1])
    lasting = limits[-1].interval.high is None
    return None if sense is None else step * sense * (-1 if lasting else 1)


def _exchange_effect(pair: _Pair, edit: Edit, grown: int) -> int | None:
    """What an exchange does that makes the text describe more people, or fewer."""
    if grown == 0:
        return 0
    before = pair.words[0][: edit.old[0]][-1:]
    if _is_joint(pair, edit) and pair.section == 1 and before and not before[0].bound:
        named = pair.texts[0][before[0].start : before[0].end]
        if names_measure(named):
            return None  # "AST and ALT ≤ 3": written either way, both are meant
    places = pair.words[0][edit.old[0]].start, pair.words[1][edit.new[0]].start
    senses = [sense_at(pair.section, text, place) for text, place in zip(pair.texts, places, strict=True)]
    return None if senses[0] is None or senses[0] != senses[1] else grown * senses[0]


def _one_sided(pair: _Pair, edit: Edit, side: int) -> int | None:
    """What the words of one side do that the other side has not."""
    first, last = edit.new if side else edit.old
    phrase = Phrase(pair.texts[side], pair.words[side], first, last, pair.section)
    if any(word.bound and measures_when(phrase.text, word.bound) for word in phrase.own):
        return None
    told = effect(phrase)
    return None if told is None else (told if side else -told)


def _bounds_json(pair: _Pair, changes: Changes) -> Iterator[Json]:
    for old, new in changes.limits:
        yield from limit_json(*pair.texts, old, new)
    for edit in changes.edits:
        for word in pair.words[0][slice(*edit.old)]:
            yield from limit_json(*pair.texts, word.bound, None)
        for word in pair.words[1][slice(*edit.new)]:
            yield from limit_json(*pair.texts, None, word.bound)


def _only_limit(pair: _Pair, changes: Changes, effects: Sequence[int | None]) -> tuple[str, str] | None:
    if len(changes.limits) != 1 or any(each != 0 for each in effects[1:]):
        return None
    old, new = changes.limits[0]
    return pair.texts[0][old.start : old.end].strip(), pair.texts[1][new.start : new.end].strip()
