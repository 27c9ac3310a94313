"""A whole record, section by section. Pure: values in, text out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from monitor.cli.terminal import NARROW, Screen, Span, Style, hang, wrap
from monitor.cli.values import one_line
from monitor.cli.words import count
from monitor.model.papers import Results
from monitor.model.people import Contacts, Locations
from monitor.model.record import PRUNED, SECTIONS, TrialRecord
from monitor.model.sections import (
    Arms,
    Criterion,
    Description,
    Eligibility,
    Outcomes,
)
from monitor.text.words import phase_words, plain_word, status_word

LABEL_WIDTH = 22
INDENT = 2

SECTION_TITLES = {"arms": "Arms and interventions", "sharing": "Sharing of data", "other": "Fields not modelled yet"}

_LABELS = {
    "registry_id": "NCT number", "other_id_details": "Other ids", "first_submitted_qc": "First submitted, QC",
    "results_first_submitted_qc": "Results submitted, QC", "disposition_first_submitted_qc": "Disposition sent, QC",
    "has_dmc": "Data monitoring", "fda_regulated_drug": "FDA regulated drug", "fdaaa801_violation": "FDAAA violation",
    "fda_regulated_device": "FDA regulated device", "us_export": "US export", "no_sap": "No analysis plan",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A line under a section: an optional label, a text, a depth, and whether the label stands in its column."""

    text: str
    label: str = ""
    depth: int = 0


def render_record(record: TrialRecord, screen: Screen, *, note: str = "", unfolded: bool = False) -> str:
    """The record with a heading; `note` says which version it is. Empty sections are named in one line."""
    blocks = ["\n".join(_head(record, screen, note))]
    empty: list[str] = []
    for name in SECTIONS:
        entries = list(_entries(record, name, unfolded=unfolded))
        if name in record.unavailable:
            why = record.unavailable[name]
            entries.append(Entry(f"({why})" if why.startswith(PRUNED) else f"(not shown by the source: {why})"))
        if entries:
            blocks.append("\n".join(_section(name, entries, screen)))
        else:
            empty.append(section_title(name).lower())
    if empty:
        blocks.append("\n".join(hang((), (Span(f"Not stated: {', '.join(empty)}.", Style.DIM),), screen)))
    return "\n\n".join(blocks)


def section_title(name: str) -> str:
    return SECTION_TITLES.get(name) or name.replace("_", " ").capitalize()


def _head(record: TrialRecord, screen: Screen, note: str) -> list[str]:
    title = screen.fit(record.identification.brief_title or "(no title)")
    name = screen.fit(record.registry_id or "no NCT number")
    lines = hang((Span(name, Style.ID), Span("  ")), (Span(title, Style.STRONG),), screen)
    lines.append(screen.paint((Span(screen.fit(record.url), Style.DIM),)))
    return lines + (hang((), (Span(screen.fit(note)),), screen) if note else [])


def _section(name: str, entries: Sequence[Entry], screen: Screen) -> list[str]:
    lines = [screen.paint((Span(section_title(name), Style.STRONG),))]
    for entry in entries:
        lines += _entry(entry, screen)
    return lines


def _entry(entry: Entry, screen: Screen) -> list[str]:
    margin = " " * (INDENT * (1 + entry.depth))
    paragraphs = [screen.fit(part) for part in entry.text.split("\n") if part.strip()] or [""]
    if entry.label and screen.width < NARROW:
        paragraphs[0] = f"{screen.fit(entry.label)}: {paragraphs[0]}"
    elif entry.label:
        head = (Span(margin), Span(screen.fit(entry.label).ljust(LABEL_WIDTH), Style.DIM), Span(" "))
        lines = hang(head, (Span(paragraphs[0]),), screen)
        margin = " " * (len(margin) + LABEL_WIDTH + 1)
        return lines + [line for part in paragraphs[1:] for line in hang((Span(margin),), (Span(part),), screen)]
    return [line for part in paragraphs for line in hang((Span(margin),), (Span(part),), screen)]


def _entries(record: TrialRecord, name: str, *, unfolded: bool) -> Iterator[Entry]:
    section = getattr(record, name)
    special = SPECIAL.get(name)
    if name == "locations":
        yield from _locations(section, unfolded=unfolded)
    elif special is not None:
        yield from special(section)
    elif isinstance(section, Mapping):
        yield from (Entry(one_line(value), path) for path, value in section.items())
    else:
        yield from _fields(section, skip=_told_twice(section))


def _told_twice(section: object) -> Sequence[str]:
    """Plain lists whose items stand with more detail in another field."""
    pairs = (("other_ids", "other_id_details"), ("collaborators", "collaborator_details"))
    return [short for short, full in pairs if getattr(section, full, None)]


def _fields(section: Any, skip: Sequence[str] = ()) -> Iterator[Entry]:  # noqa: ANN401 (any section)
    """One line for each field that says something."""
    for each in fields(section):
        text = _text(each.name, getattr(section, each.name)) if each.name not in skip else ""
        if text:
            yield Entry(text, label_of(each.name))


def label_of(name: str) -> str:
    """Overall, First submitted QC, NCT number"""
    return _LABELS.get(name) or name.replace("_", " ").removesuffix(" details").capitalize()


def _text(name: str, value: Any) -> str:  # noqa: ANN401 (any field)
    """A field in words; the field's name tells which words."""
    if name == "phases":
        return phase_words(value)
    if isinstance(value, tuple):
        return "; ".join(text for each in value if (text := _text(name, each)))
    if is_dataclass(value):
        return ", ".join(text for each in fields(value) if (text := _text(each.name, getattr(value, each.name))))
    if isinstance(value, str) and name in WORDS:
        return WORDS[name](value)
    return one_line(value)


_CODED = (
    "type", "agency_class", "lead_class", "study_type", "allocation", "intervention_model", "masking", "who_masked",
    "primary_purpose", "observational_model", "time_perspective", "biospecimen_retention", "sampling_method", "sex",
    "role", "info_types", "plan",
)  # fmt: skip
WORDS: Mapping[str, Callable[[str], str]] = {
    "overall": status_word,
    "last_known": status_word,
    **dict.fromkeys(_CODED, plain_word),
}


def _arms(section: Arms) -> Iterator[Entry]:
    for arm in section.arms:
        kind = f" ({plain_word(arm.type)})" if arm.type else ""
        yield Entry(f"{arm.label}{kind}", "Arm")
        if arm.description:
            yield Entry(arm.description, depth=2)
        if arm.interventions:
            yield Entry(f"Gets: {'; '.join(arm.interventions)}", depth=2)
    for given in section.interventions:
        yield Entry(given.name, plain_word(given.type) if given.type else "Intervention")
        if given.other_names:
            yield Entry(f"Also called: {'; '.join(given.other_names)}", depth=2)
        if given.description:
            yield Entry(given.description, depth=2)


def _outcomes(section: Outcomes) -> Iterator[Entry]:
    for rank in ("primary", "secondary", "other"):
        for number, outcome in enumerate(getattr(section, rank), 1):
            yield Entry(outcome.measure, f"{rank.capitalize()} {number}")
            if outcome.description:
                yield Entry(outcome.description, depth=2)
            if outcome.time_frame:
                yield Entry(f"Time frame: {outcome.time_frame}", depth=2)


def _eligibility(section: Eligibility) -> Iterator[Entry]:
    yield from _fields(section, skip=("inclusion", "exclusion", "other", "raw"))
    for name in ("inclusion", "exclusion", "other"):
        nodes: tuple[Criterion, ...] = getattr(section, name)
        if nodes:
            yield Entry(f"{name.capitalize()} criteria:")
            yield from _criteria(nodes, depth=1)


def _criteria(nodes: Sequence[Criterion], depth: int) -> Iterator[Entry]:
    number = 0
    for node in nodes:
        number += not node.heading
        yield Entry(node.text if node.heading else f"{number}. {node.text}", depth=depth)
        yield from _criteria(node.children, depth + 1)


def _contacts(section: Contacts) -> Iterator[Entry]:
    for contact in section.central:
        yield Entry(_text("", contact), "Contact")
    for official in section.officials:
        role = plain_word(official.role) if official.role else "Official"
        yield Entry(", ".join(part for part in (official.name, official.affiliation) if part), role)


def _locations(section: Locations, *, unfolded: bool) -> Iterator[Entry]:
    if section.count is not None:
        yield Entry(f"{section.count:,}", "Sites")
    if not unfolded and len(section.sites) > FEW_SITES:
        counted = Counter(site.country or "no country given" for site in section.sites)
        yield Entry(", ".join(f"{country} {number:,}" for country, number in counted.most_common()), "Countries")
        yield Entry(f"{count(len(section.sites), 'site')} one by one: --all")
        return
    for site in section.sites:
        place = ", ".join(part for part in (site.facility, site.city, site.state, site.zip, site.country) if part)
        yield Entry(f"{place}: {status_word(site.status)}" if site.status else place)
        for contact in site.contacts:
            yield Entry(_text("", contact), depth=2)


FEW_SITES = 10


def _description(section: Description) -> Iterator[Entry]:
    for text in (section.brief_summary, section.detailed):
        if text:
            yield Entry(text)


def _results(section: Results) -> Iterator[Entry]:
    if section.has_results is not None:
        yield Entry("yes" if section.has_results else "no", "Posted")
    for words, modules in (("Results", section.modules), ("Annotations", section.annotations)):
        if modules:
            yield Entry(", ".join(modules), words)


SPECIAL: Mapping[str, Callable[[Any], Iterator[Entry]]] = {
    "arms": _arms,
    "outcomes": _outcomes,
    "eligibility": _eligibility,
    "contacts": _contacts,
    "description": _description,
    "results": _results,
}


def paragraph(text: str, screen: Screen) -> str:
    """Running text, wrapped."""
    return "\n".join(screen.paint(line) for line in wrap((Span(screen.fit(text)),), screen.measure))
