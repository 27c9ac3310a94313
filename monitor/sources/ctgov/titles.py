"""Finding the registry's number of a trial of which only title and sponsor are known."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from monitor.egress.fetched import Fetcher
from monitor.errors import FetchFailed
from monitor.model.json import Json
from monitor.sources.ctgov.answers import NoAnswer, ask_json
from monitor.sources.ctgov.identity import number_of, sponsor_of, title_of
from monitor.sources.ctgov.lists import BATCH, NO_LIST, endpoint
from monitor.sources.references import is_number
from monitor.text.clean import clean, fold

_FIELDS = "NCTId,BriefTitle,LeadSponsorName"
_SYNTAX = str.maketrans(dict.fromkeys('[](){}"\\', " "))
_OPERATORS = frozenset({"AND", "OR", "NOT", "AREA", "RANGE", "COVER", "EXPANSION", "SEARCH", "MISSING", "ALL", "TILT"})


async def find_by_title(fetcher: Fetcher, base_url: str, title: str, sponsor: str) -> str | None:
    """The number of the one trial of exactly this brief title and lead sponsor; None if there is none, or several.

    Raises FetchFailed where the registry could not be asked.
    """
    words = _search_words(title)
    if not words or not sponsor.strip():
        return None
    query = urlencode({"query.titles": words, "fields": _FIELDS, "pageSize": BATCH}, quote_via=quote, safe=",")
    answer = await ask_json(fetcher, endpoint(base_url, f"studies?{query}"))
    studies = answer if isinstance(answer, NoAnswer) else answer.get("studies")
    if isinstance(studies, NoAnswer) or not isinstance(studies, list):
        raise FetchFailed((studies if isinstance(studies, NoAnswer) else NO_LIST).message)
    return _only_match(studies, (_alike(title), _alike(sponsor)))


def _only_match(studies: list[Json], wanted: tuple[str, str]) -> str | None:
    numbers = {number_of(study) for study in studies if _name(study) == wanted}
    number = numbers.pop() if len(numbers) == 1 else None
    return number if number and is_number(number) else None


def _name(study: Json) -> tuple[str, str]:
    return _alike(title_of(study) or ""), _alike(sponsor_of(study) or "")


def _alike(text: str) -> str:
    return fold(text).casefold()


def _search_words(title: str) -> str:
    """The title without what the registry's search would take for syntax."""
    words = clean(title).translate(_SYNTAX).split()
    return " ".join(word.lower() if word in _OPERATORS else word for word in words)
