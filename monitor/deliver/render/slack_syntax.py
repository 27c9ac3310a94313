"""Slack's text syntax (mrkdwn), and the one way to put foreign text into it.

Slack knows three escapes (&amp; &lt; &gt;) and none for * _ ~ and backquotes; it also reads :name: as a picture, links
bare web addresses, and opens a quotation at ">". What could be read so is broken: a character that looks the same
takes the place of a formatting one where Slack could see the start or end of a format, an invisible joiner parts an
address or a mention.
"""

from __future__ import annotations

import re
from typing import Final

from monitor.deliver.render.markup import linkable
from monitor.text.clean import harmless

JOINER: Final = "\u200d"
_LOOKALIKES: Final = str.maketrans({"*": "∗", "_": "＿", "~": "∼", "`": "ˋ"})
_FORMATS: Final = re.compile(r"(?<![^\W_])[*_~]+|[*_~]+(?![^\W_])|`")
_MENTION: Final = re.compile(r"(?<!\w)@(?=\w)")
_PICTURE: Final = re.compile(r":(?=[\w+'-]+:)")
_WEB: Final = re.compile(r"(?<=[A-Za-z0-9+.-])://|(?<=[A-Za-z]):(?=[^\s:/]+@)")
_DOMAIN: Final = re.compile(r"(?<![\w.@+-])(?:[\w-]+\.)+[A-Za-z]{2,}(?![\w@])")
_OURS: Final = frozenset({"clinicaltrials.gov", "ctv.veeva.com"})
_LONGEST: Final = 400  # characters of an address; ours are far shorter
_EDGE: Final = re.compile(r"\A[>•-]")


def calm(text: str) -> str:
    """One line of foreign text in which Slack sees no format, mention, picture, quotation or link."""
    text = _FORMATS.sub(lambda found: found[0].translate(_LOOKALIKES), harmless(text))
    text = _MENTION.sub("@" + JOINER, text)
    text = _WEB.sub(lambda found: ":" + JOINER + found[0][1:], text)
    text = _DOMAIN.sub(_parted, text)
    text = _PICTURE.sub(":" + JOINER, text)
    return _EDGE.sub(lambda found: JOINER + found[0], text)


def _parted(found: re.Match[str]) -> str:
    return found[0] if found[0].casefold() in _OURS else found[0].replace(".", "." + JOINER)


def escape_slack(text: str) -> str:
    """Foreign text as Slack shows it."""
    return calm(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def link_slack(url: str | None, text: str) -> str | None:
    """A link of ours, or None where the address is no plain web address."""
    target = linkable(url)
    if not target or len(target) > _LONGEST:
        return None
    return f"<{target.replace('&', '&amp;')}|{escape_slack(text)}>"
