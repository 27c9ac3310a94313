"""The labels that a study page sets before its facts, in any letter case and with or without a colon."""

from __future__ import annotations

import re
from typing import Final

STATUS: Final = "status and phase"
CONDITIONS: Final = "conditions"
TREATMENTS: Final = "treatments"
STUDY_TYPE: Final = "study type"
FUNDERS: Final = "funder types"
IDENTIFIERS: Final = "identifiers"
ABOUT: Final = "about"
DETAILED: Final = "full description"
ENROLLMENT: Final = "enrollment"
SEX: Final = "sex"
AGES: Final = "ages"
VOLUNTEERS: Final = "volunteers"
INCLUSION: Final = "inclusion criteria"
EXCLUSION: Final = "exclusion criteria"
CRITERIA: Final = "inclusion and exclusion criteria"
PURPOSE: Final = "primary purpose"
ALLOCATION: Final = "allocation"
MODEL: Final = "interventional model"
MASKING: Final = "masking"
OBSERVATIONAL_MODEL: Final = "observational model"
TIME_PERSPECTIVE: Final = "time perspective"
GROUPS: Final = "participants in patient groups"
LOCATIONS: Final = "trial contacts and locations"
CONTACTS: Final = "central trial contact"
SPONSOR: Final = "sponsor"
COLLABORATORS: Final = "collaborators"
WHY_STOPPED: Final = "why stopped"
OFFICIAL_TITLE: Final = "official title"
ACRONYM: Final = "acronym"
KEYWORDS: Final = "keywords"
START: Final = "start date"
PRIMARY_COMPLETION: Final = "primary completion date"
COMPLETION: Final = "completion date"
LAST_UPDATED: Final = "last updated"
FIRST_POSTED: Final = "first posted"
CHAPTER: Final = "chapter"  # a heading over several labels; it says nothing of its own
SOURCE: Final = "data sourced from"

PROSE = frozenset({ABOUT, DETAILED})
LISTED = frozenset({GROUPS, LOCATIONS, CONTACTS})  # headings may stand inside these

_SPELLINGS = {
    STATUS: ("status and phase", "status and phases", "status / phase", "status/phase"),
    CONDITIONS: ("conditions", "condition"),
    TREATMENTS: ("treatments", "interventions"),
    STUDY_TYPE: ("study type",),
    FUNDERS: ("funder types", "funder type"),
    IDENTIFIERS: ("identifiers", "identifier"),
    ABOUT: ("about", "about this trial", "brief summary"),
    DETAILED: ("full description", "detailed description"),
    ENROLLMENT: ("enrollment", "enrolment"),
    SEX: ("sex", "sexes"),
    AGES: ("ages", "age"),
    VOLUNTEERS: ("volunteers", "healthy volunteers"),
    INCLUSION: ("inclusion criteria",),
    EXCLUSION: ("exclusion criteria",),
    CRITERIA: ("inclusion and exclusion criteria", "eligibility criteria", "inclusion/exclusion criteria"),
    PURPOSE: ("primary purpose",),
    ALLOCATION: ("allocation",),
    MODEL: ("interventional model", "intervention model"),
    MASKING: ("masking",),
    OBSERVATIONAL_MODEL: ("observational model",),
    TIME_PERSPECTIVE: ("time perspective",),
    LOCATIONS: ("trial contacts and locations", "contacts and locations", "trial locations"),
    CONTACTS: ("central trial contact", "central trial contacts", "central contact", "central contacts"),
    SPONSOR: ("sponsor", "lead sponsor", "sponsored by"),
    COLLABORATORS: ("collaborators", "collaborator", "sponsors and collaborators"),
    WHY_STOPPED: ("why stopped", "reason stopped", "reason for stopping"),
    OFFICIAL_TITLE: ("official title",),
    ACRONYM: ("acronym",),
    KEYWORDS: ("keywords",),
    START: ("start date", "study start", "study start date"),
    PRIMARY_COMPLETION: ("primary completion", "primary completion date"),
    COMPLETION: ("completion date", "study completion", "study completion date"),
    LAST_UPDATED: ("last updated", "last update posted"),
    FIRST_POSTED: ("first posted",),
    CHAPTER: ("details and patient eligibility", "trial design", "timeline", "eligibility", "study details"),
}
_LABELS = {spelling: label for label, spellings in _SPELLINGS.items() for spelling in spellings}
_LONGEST = max(map(len, _LABELS)) + 12

_MOST_WORDS = 6  # of a label

_GROUPS = re.compile(
    r"[\d,]+ (?:participants?|patients?|subjects?|volunteers?) in (\d{1,4}) (?:patient |participant )?"
    r"(?:groups?|arms?|cohorts?)\Z"
)
_BESIDE = re.compile(r"\s*[:：|]\s*|\s+[–—-]\s+")
_BUTTON = re.compile(
    r"(?:show|view|read|see|learn|load) (?:more|less|all|full|details|map|on)\b.{0,30}"
    r"|expand(?: all)?|collapse(?: all)?|copy(?: link)?|more info|info|\?|opens in (?:a )?new (?:tab|window)"
)
_LOADING = re.compile(r"(?:loading|please wait)\b[\s.…]*(?:please wait[\s.…]*)?\Z", re.IGNORECASE)
_SOURCE = re.compile(r"data (?:is |was )?sourced from\b")
_SOURCE_WITHIN = re.compile(r"[·•|,.–—-] ?data (?:is |was )?sourced from (?:the )?clinicaltrials\.gov\b")
_LONGEST_SOURCE = 160
_SITE_WORDS = """
    about us|about veeva|accept|accept all|accept all cookies|accept cookies|advertisement|back|clinical trials
    |clinicaltrials.?veeva|close|contact us|cookie settings|english|faq|follow us|help|home|language|legal|log in
    |manage cookies|menu|print|privacy policy|register|reject|reject all|save|search|share|sign in|sign up|sponsored
    |sponsored content|studies|subscribe|terms|terms of service|terms of use|trials|trials by location|veeva
"""
_NOISE = re.compile(
    "|".join(
        (
            r"(?:related|similar|recommended|featured|nearby|suggested|more|other|new) (?:clinical )?trials\b.*",
            r"(?:related|similar|recommended|featured|nearby|suggested|more|other|new) (?:clinical )?studies\b.*",
            r"(?:find|search|browse|explore)\b.*\b(?:trials|studies)(?: by location)?",
            r".*\bnewsletter\b.*|.*\b(?:we|uses?) .{0,30}cookies\b.*|you (?:may|might) also .*",
            r"(?:©|\(c\)|copyright).*|home [/›»>].*|(?:back|skip) to .{0,30}",
            re.sub(r"\n\s*", "", _SITE_WORDS),
        )
    )
)
_LONGEST_NOISE = 300
_GAPS = re.compile(r"[\s\u00a0]+")


def read_label(text: str) -> tuple[str, str] | None:
    """The label that a text is or begins with ("Sex: All"), and the value that stands beside it ("" for none)."""
    if len(text) <= _LONGEST and (label := _exact(text)):
        return label, ""
    if len(text) <= _LONGEST_SOURCE and _SOURCE_WITHIN.search(_plain(text)):
        return SOURCE, ""
    found = _BESIDE.search(text[: _LONGEST + 1])
    label = _LABELS.get(_plain(text[: found.start()])) if found else None
    return (label, text[found.end() :].strip()) if found and label and label != CHAPTER else None


def stated_groups(text: str) -> int | None:
    """How many groups the heading of the groups states ("20 participants in 1 patient group")."""
    found = _GROUPS.match(_plain(text))
    return int(found[1]) if found else None


def could_be_label(text: str) -> bool:
    """True for a few words that could stand before a fact: no sentence, no number, no control."""
    plain = _plain(text)
    return (
        0 < len(plain) <= _LONGEST
        and plain[0].isalpha()
        and len(plain.split()) <= _MOST_WORDS
        and not text.rstrip().endswith((".", "!", "?"))
        and not _BUTTON.fullmatch(plain)
    )


def is_noise(text: str) -> bool:
    """True for a line that is part of the site around the trial: menu, cookie notice, other trials."""
    return bool(_NOISE.fullmatch(_plain(text)[:_LONGEST_NOISE]))


def is_button(text: str) -> bool:
    """True for the text of a control that stands among the facts ("Show more")."""
    return bool(_BUTTON.fullmatch(_plain(text)[:_LONGEST_NOISE]))


def is_loading(text: str) -> bool:
    """True for the word that says that something is still to come."""
    return len(text) < 40 and bool(_LOADING.match(text.strip()))  # noqa: PLR2004 (longer texts only mention it)


def _exact(text: str) -> str | None:
    plain = _plain(text)
    if plain in _LABELS:
        return _LABELS[plain]
    if _SOURCE.match(plain):
        return SOURCE
    return GROUPS if _GROUPS.match(plain) else None


def _plain(text: str) -> str:
    return _GAPS.sub(" ", text.casefold().replace("&", " and ")).strip(" :：-–▾▸▼►+")
