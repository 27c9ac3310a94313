"""Letters that a wrong encoding garbled are counted, and only where they stood whole before."""

from __future__ import annotations

import pytest

from monitor.text.garbled import newly_garbled

TEXT = "Weiß für ≥ 3 Wochen – “naïve”"
LETTERS = 7  # of which none is ASCII


@pytest.mark.parametrize("encoding", ["latin-1", "cp1250"])
def test_every_letter_of_a_text_read_in_a_wrong_encoding_counts(encoding: str) -> None:
    garbled = TEXT.encode("utf-8").decode(encoding, "replace")
    assert newly_garbled(TEXT, garbled) >= LETTERS
    assert newly_garbled(garbled, garbled) == 0


def test_letters_lost_to_the_replacement_character_count() -> None:
    assert newly_garbled(TEXT, "Wei\ufffd f\ufffdr \ufffd 3 Wochen") == 3
    assert newly_garbled("A \ufffd", "A \ufffd") == 0


def test_other_letters_are_no_damage() -> None:
    assert newly_garbled(TEXT, "SÃO PAULO, CAFÉ”, Ångström") == 0
    assert newly_garbled("plain", "Ã© â€™") == 0
