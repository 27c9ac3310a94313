"""Whether a page is a complete study page, and whether it is the page of the right trial."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from monitor.model.record import TrialRecord
from monitor.model.sections import Criterion
from monitor.sources.ctv.document import Document
from monitor.sources.ctv.labels import (
    AGES,
    CONDITIONS,
    CRITERIA,
    ENROLLMENT,
    EXCLUSION,
    INCLUSION,
    SEX,
    SOURCE,
    STATUS,
    STUDY_TYPE,
)
from monitor.sources.ctv.sections import Sections
from monitor.text.clean import fold

MANDATORY = (STATUS, CONDITIONS, STUDY_TYPE, ENROLLMENT, SEX, AGES)
"""Labels that every study page has with something under them. With them go title, sponsor, the data-source line and
the inclusion or exclusion criteria."""

_ALIKE = 0.8  # share of criteria that must be the same where they stand in for a title
_OVERLAP = 0.3  # share below which the same title is not believed alone
_SHELL = "It is an empty shell that loads its content later."
_HINTS = (
    (re.compile(r"captcha|are you (?:a )?(?:human|robot)|verify (?:that )?you|unusual traffic|checking your browser"),
     "It asks for a proof that a human is looking."),
    (re.compile(r"access denied|forbidden|blocked"), "It says that access is denied."),
    (re.compile(r"maintenance|temporarily unavailable|be right back|try again later"),
     "It says that the site is not available for now."),
    (re.compile(r"(?:trial|study|page) (?:was |could )?not (?:be )?found|no longer exists|404"),
     "It says that the trial was not found."),
    (re.compile(r"something went wrong|unexpected error|internal server error"), "It reports a fault of the site."),
    (re.compile(r"(?:log|sign) in to|password|forgot your"), "It is a log-in page."),
    (re.compile(r"\d+ (?:results|trials found)|search results|refine your search"), "It is a list of search results."),
    (re.compile(r"enable javascript|javascript is (?:required|disabled)"), _SHELL),
    (re.compile(r"cookies?\b.*(?:consent|accept|agree)|consent"), "It asks for consent before it shows anything."),
)  # fmt: skip
_MOST_HINTED = 3000  # characters: a longer page without labels is no notice


def faults_of(document: Document, sections: Sections, title: str | None, sponsor: str | None) -> list[str]:
    """Why a page is not the complete page of a trial, as sentences; empty if it is."""
    if strange := strangeness(document, sections):
        return strange
    missing = _missing(sections)
    loading = [label for label in MANDATORY if sections.is_loading(label)]
    criteria = _criteria(sections)
    faults = [f'The page does not show "{_shown(label)}".' for label in missing]
    faults += [
        f'The page states nothing under "{_shown(label)}".'
        for label in MANDATORY
        if label in sections and not sections.values(label) and label not in loading
    ]
    if not criteria:
        faults.append("The page shows neither inclusion nor exclusion criteria.")
    elif not any(sections.under[label] for label in criteria):
        faults.append("The page states no inclusion and no exclusion criteria.")
    if len(loading) > len(MANDATORY) // 2:
        faults.append("The page was still loading most of its facts.")
    if not title:
        faults.append("The page shows no title.")
    if not sponsor:
        faults.append("The page names no sponsor.")
    return faults + _cut_off(document, sections)


def strangeness(document: Document, sections: Sections) -> list[str]:
    """Why something is no study page at all, as sentences; empty if it may be one, complete or not."""
    if len(_missing(sections)) > len(MANDATORY) // 2 and not _criteria(sections):
        return ["This is not a study page: the facts of a trial are not on it.", *_hints(document)]
    return []


def _missing(sections: Sections) -> list[str]:
    return [label for label in MANDATORY if label not in sections]


def _criteria(sections: Sections) -> list[str]:
    return [label for label in (INCLUSION, EXCLUSION, CRITERIA) if label in sections]


def _cut_off(document: Document, sections: Sections) -> list[str]:
    if SOURCE not in sections:
        return ['The page ends before the line "Data sourced from": it is cut off.']
    last = sections.order[-1] == SOURCE
    if not last and (document.cut or not document.closed):
        return ["The page is cut off: its markup is not closed."]
    return []


def _hints(document: Document) -> list[str]:
    text = " ".join(line.text for line in document.lines)
    if not text.strip():
        return [_SHELL]
    if len(text) > _MOST_HINTED:
        return []
    lowered = f"{document.title or ''} {text}".casefold()
    return [sentence for pattern, sentence in _HINTS if pattern.search(lowered)][:1]


def _shown(label: str) -> str:
    return label[:1].upper() + label[1:]


def doubts_of(
    record: TrialRecord, *, last: TrialRecord | None, expected: str | None, also: Collection[str] = ()
) -> tuple[str, ...]:
    """Why a complete page may not be the page of the trial asked for; empty if it proves to be it.

    Proof is the number expected, or one of `also`. Without a number on the page: the title as last seen, with the
    sponsor or some of the criteria, else the sponsor as last seen with nearly all the criteria. At first sight the
    address is believed.
    """
    known = expected or (last.registry_id if last else None)
    if record.registry_id and known:
        if record.registry_id == known or record.registry_id in also:
            return ()
        return (f"The page is of {record.registry_id}, not of {known}.",)
    if last is None:
        return ()
    same_title = _same(record.identification.brief_title, last.identification.brief_title)
    same_sponsor = _same(record.sponsor.lead, last.sponsor.lead)
    alike = _likeness(record, last)
    if same_title and (same_sponsor or alike is None or alike >= _OVERLAP):
        return ()
    if same_sponsor and alike is not None and alike >= _ALIKE:
        return ()
    return ("The page shows no number, and its title, sponsor and criteria are not those last seen at this address.",)


def _same(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and fold(one).casefold() == fold(other).casefold()


def _likeness(record: TrialRecord, last: TrialRecord) -> float | None:
    """The share of criteria that both have; None where either shows none."""
    here, there = set(_texts(record)), set(_texts(last))
    return len(here & there) / max(len(here), len(there)) if here and there else None


def _texts(record: TrialRecord) -> Iterator[str]:
    sections: Iterable[tuple[Criterion, ...]] = (record.eligibility.inclusion, record.eligibility.exclusion)
    for nodes in sections:
        yield from _flat(nodes)


def _flat(nodes: tuple[Criterion, ...]) -> Iterator[str]:
    for node in nodes:
        yield fold(node.text)
        yield from _flat(node.children)
