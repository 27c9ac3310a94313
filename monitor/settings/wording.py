"""Words of messages that the user writes: templates, read and proved before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from monitor.model.wording import OwnWords, Wording
from monitor.settings.document import TemplatesTable
from monitor.settings.faults import Faults, listed, meant
from monitor.text.templates import BadTemplate, parse_template

GAPS: Final[Mapping[str, tuple[str, ...]]] = {
    "subject": ("summary", "number", "name", "state", "title", "severity"),
    "greeting": ("destination", "date"),
    "footer": ("destination", "date"),
}
"""What may be filled in where. None of it is ever empty."""

LONGEST: Final[Mapping[str, int]] = {"subject": 60, "greeting": 500, "footer": 500}
"""Characters of a template. A subject has 100 in all, and is to have room for what is filled in."""


def wording(table: TemplatesTable, faults: Faults) -> Wording:
    """The templates of the configuration; None for one that is not given or has a fault."""
    return Wording(
        subject=_template("subject", table.get("subject"), faults),
        greeting=_template("greeting", table.get("greeting"), faults),
        footer=_template("footer", table.get("footer"), faults),
    )


def _template(key: str, text: str | None, faults: Faults) -> OwnWords | None:
    if text is None:
        return None
    path, known = ("templates", key), GAPS[key]
    remedy = f"Known here: {listed([f'{{{name}}}' for name in known])}; a brace itself is written {{{{ or }}}}."
    try:
        template = parse_template(text, known)
    except BadTemplate as fault:
        guess = meant(fault.unknown, known) if fault.unknown else ""
        faults.add(path, fault.problem, guess + remedy)
        return None
    if not text.strip():
        faults.add(path, "is empty.", "Leave it out to keep the usual words.")
    if template.fixed > LONGEST[key]:
        faults.add(path, f"has {template.fixed} characters beside its placeholders.", f"Keep it to {LONGEST[key]}.")
    return template
