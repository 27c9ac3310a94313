"""Where records are read: requests to make (`client` of each source) and pure parsers of what comes back."""

from __future__ import annotations

from monitor.model.reading import Body
from monitor.model.record import SourceName, TrialRecord
from monitor.model.watch import RecordKey

__all__ = ["NORMALISER_VERSION", "RECORD_TYPE", "detect", "normalise"]

NORMALISER_VERSION = 3
"""Raised with every edit of a parser that can change a record; stored bodies are then parsed again."""

RECORD_TYPE = "application/vnd.trial-monitor.record+json"
"""A record that is kept in the place of its body, of which not everything was to be kept."""

_BLANK = b" \t\r\n\xef\xbb\xbf"  # white space and the mark that some editors put first


def normalise(
    key_or_source: RecordKey | SourceName, body: Body, *, url: str | None = None, complete: bool = True
) -> TrialRecord:
    """The record that a body states, whether it was just fetched, comes from the store or from a user's file.

    With a RecordKey the body of a registry must be that of this record; with a source it may be that of any.
    Without `complete` the body was accepted before, or a person vouches for it: it is read as far as it goes.
    Raises NotARecord with the reasons, each a sentence. Pure. Each source's parser is loaded when it is first used.
    """
    key = key_or_source if isinstance(key_or_source, RecordKey) else None
    if body.media_type == RECORD_TYPE and key:
        from monitor.sources.guarding import unpack_record

        return unpack_record(key, body.content)
    source = key.source if key else key_or_source
    if source == "ctgov":
        from monitor.sources import ctgov
        from monitor.sources.ctgov.document import study_in

        return ctgov.normalise(study_in(body.content), asked=key.source_id if key else None, url=url, complete=complete)
    from monitor.sources import ctv
    from monitor.sources.references import public_url

    return ctv.normalise(body, url=url or (public_url(key) if key else None), complete=complete)


def detect(body: Body) -> SourceName:
    """The source that a body is most likely from: JSON is the registry's, anything else a page."""
    return "ctgov" if body.content.lstrip(_BLANK)[:1] in (b"{", b"[") else "ctv"
