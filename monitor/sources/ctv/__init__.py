"""ClinicalTrials.Veeva: study pages, read by labels and headings."""

from __future__ import annotations

from monitor.model.reading import Body
from monitor.model.record import TrialRecord
from monitor.sources.ctv.page import read_page

__all__ = ["normalise"]


def normalise(body: Body, *, url: str | None = None, complete: bool = True) -> TrialRecord:
    """The record that a study page (HTML or its plain text) states. Raises NotARecord with the reasons. Pure.

    Without `complete` a page that lacks facts is read as far as it goes.
    """
    return read_page(body, url=url, complete=complete)
