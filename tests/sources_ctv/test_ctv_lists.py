"""A criterion that reads like a label is a criterion; what is torn is no page."""

from __future__ import annotations

import pytest

from monitor.errors import NotARecord
from tests.sources_ctv.pages import record_of, texts, with_facts
from tests.sources_ctv.skins import SKINS, Skin, headings

AGE = "Age: 18 years and older"


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("skin", SKINS, ids=lambda skin: skin.__name__)
def test_a_criterion_that_reads_like_a_label_is_one_whole_criterion(skin: Skin, place: int) -> None:
    criteria = ["Relapsed disease", "Able to consent"]
    criteria.insert(place, AGE)
    record = record_of(skin(with_facts(Inclusion_criteria=criteria, Ages=["2 to 60 years old"])))
    assert texts(record.eligibility.inclusion) == criteria
    assert (record.eligibility.minimum_age, record.eligibility.maximum_age) == ("2 Years", "60 Years")


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_criterion_does_not_stand_in_for_a_label_that_is_missing(place: int) -> None:
    criteria = ["Relapsed disease", "Able to consent"]
    criteria.insert(place, AGE)
    page = headings(with_facts(Inclusion_criteria=criteria)).replace("<h3>Ages</h3>", "<h3>Blorp</h3>")
    with pytest.raises(NotARecord, match="Ages"):
        record_of(page)


def test_a_page_of_two_bytes_a_letter_read_as_one_of_one_is_no_page() -> None:
    page = headings(with_facts())
    with pytest.raises(NotARecord, match="torn or in another encoding"):
        record_of(page.encode("utf-16-le").decode("latin-1"))
    with pytest.raises(NotARecord, match="torn or in another encoding"):
        record_of(page.replace("<main>", "<main>" + "\x00" * 20))
    assert record_of(page.replace("<main>", "<main>\x00")) == record_of(page)
