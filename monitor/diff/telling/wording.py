"""Sentences on a text that changed: what one spot of it says now, or that it was rewritten."""

from __future__ import annotations

from monitor.diff.pieces import one_edit
from monitor.diff.telling.say import Said, quote, say

_PHRASE = 110  # characters of an edit that can be quoted whole


def tell_text(subject: str, before: str | None, after: str | None, *, many: bool = False) -> Said:
    """ "SUBJECT now says ... It said ...": the one edit if there is one and it can be quoted, else "was rewritten"."""
    end = ".many" if many else ""
    if not before or not after:
        key, text = ("text.given", after) if after else ("text.gone", before)
        return say(key + end, subject=subject, old=quote(text or ""), new=quote(text or ""))
    edit = one_edit(before, after)
    if not edit.old and not edit.new and edit.kind != "rewritten":
        return say(f"text.layout{end}", subject=subject)
    if max(len(edit.old or ""), len(edit.new or "")) > _PHRASE or edit.kind == "rewritten":
        return say(f"text.rewritten{end}", subject=subject)
    return say(f"text.{edit.kind}{end}", subject=subject, old=quote(edit.old or ""), new=quote(edit.new or ""))
