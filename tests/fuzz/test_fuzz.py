"""A little of the sweep, and what the sweep found; `make sweep PART="fuzz 1/4"` runs much of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from monitor.model.reading import Body
from tests.fuzz.case import Asked
from tests.fuzz.desk import NOON, after, first_seen, judged
from tests.fuzz.of_page import HTML
from tests.fuzz.pages import run
from tests.sources_ctv.skins import WITH_NUMBER, content_of, headings


def test_damaged_edited_and_noisy_answers_are_judged_rightly(tmp_path: Path) -> None:
    outcome = run(0, tmp_path)
    print(outcome.counts)
    assert outcome.faults == []
    assert outcome.counts["compared"] * 2 > outcome.counts["pages"] > 200
    assert len(set(outcome.shapes)) > 200
    assert all(outcome.counts[each] for each in ("ctgov", "ctv", "held", "refused", "due edits", "second looks"))


def test_a_number_of_sites_that_was_not_shown_for_a_while_is_no_news() -> None:
    page = headings(content_of(WITH_NUMBER))
    asked = Asked(source="ctv", source_id="a-trial", number="NCT04762485")
    base = first_seen(asked, Body(content=page.encode(), media_type=HTML))
    assert base.known.base.locations.count == 1
    lost = judged(asked, base, page.replace("<h3>Trial contacts and locations</h3>", "").encode(), HTML)
    assert lost.verdict.changes == ()
    kept = after(base, lost)
    assert (kept.known.base.locations.count, "locations" in kept.known.base.unavailable) == (1, True)
    for content, told in ((page, []), (page.replace("<p>\n        1\n", "<p>\n        4\n"), [(1, 4)])):
        back = judged(asked, kept, content.encode(), HTML, now=NOON + timedelta(hours=6))
        assert [(change.before, change.after) for change in back.verdict.changes] == told
