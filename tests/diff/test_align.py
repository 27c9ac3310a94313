"""Which items are one: by likeness, each to its likest, be they few or a crowd."""

from __future__ import annotations

import random

import pytest

from monitor.diff.align import by_likeness, equal_ends

WORDS = [
    f"{start}{middle}{end}" for start in ("bor", "cal", "dem", "fis") for middle in "aeiou" for end in ("ran", "x")
]


def text(chance: random.Random) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(9))


def edited(words: str) -> str:
    """With its third word exchanged."""
    first, second, _, *rest = words.split()
    return " ".join([first, second, "edited", *rest])


@pytest.mark.parametrize("number", [20, 400])
def test_each_of_many_edited_texts_finds_what_it_was(number: int) -> None:
    chance = random.Random(number)
    before = [text(chance) for _ in range(number)]
    after = [edited(each) for each in before]
    chance.shuffle(after)
    found = by_likeness(before, after, str, cutoff=65)
    assert all(edited(old) == new for old, new in found.pairs)
    assert (len(found.pairs), found.removed, found.added) == (number, (), ())


def test_the_order_of_a_crowd_decides_nothing() -> None:
    chance = random.Random(7)
    before, after = [text(chance) for _ in range(300)], [text(chance) for _ in range(300)]
    one = by_likeness(before, after, str, cutoff=65)
    other = by_likeness(chance.sample(before, 300), chance.sample(after, 300), str, cutoff=65)
    assert sorted(one.pairs) == sorted(other.pairs)
    assert one.pairs


def test_equal_ends_are_taken_once_where_the_shorter_list_is_all_of_them() -> None:
    found = equal_ends(["a", "b", "a"], ["a", "b", "c", "b", "a"])
    assert (found.pairs, found.removed, found.added) == ((("a", "a"), ("b", "b"), ("a", "a")), (), ("c", "b"))
    assert equal_ends("ab", "ab").removed == ()
    assert equal_ends("", "ab").added == ("a", "b")
