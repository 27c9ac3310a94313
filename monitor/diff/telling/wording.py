"""Sentences on a text that changed: what one spot of it says now, or that it was rewritten."""

from __future__ import annotations

from monitor.diff.pieces import Edit, one_edit
from monitor.diff.telling.say import Said, quote, say

_PHRASE = 110  # characters of an edit that can be quoted whole


def tell_text(
    subject: str, before: str | None, after: str | None, *, many: bool = False, respelled: bool = False
) -> Said:
    """ "SUBJECT now says ... It said ...": the one edit if there is one and it can be quoted, else "was rewritten"."""
    end = ".many" if many else ""
    if not before or not after:
        key, text = ("text.given", after) if after else ("text.gone", before)
        return say(key + end, subject=subject, old=quote(text or ""), new=quote(text or ""))
    edit = one_edit(before, after)
    if not edit.old and not edit.new and edit.kind != "rewritten":
        return say(f"text.layout{end}", subject=subject)
    if respelled:
        key = "text.respelled" if can_quote(edit) and edit.kind == "swapped" else "text.respelled_all"
    else:
        key = f"text.{edit.kind}" if can_quote(edit) else "text.rewritten"
    return say(key + end, subject=subject, old=quote(edit.old or ""), new=quote(edit.new or ""))


def can_quote(edit: Edit) -> bool:
    """True if there is one edit, short enough for a sentence."""
    return edit.kind != "rewritten" and max(len(edit.old or ""), len(edit.new or "")) <= _PHRASE
