"""Sentences on results, documents, citations, links, and on what is not modelled."""

from __future__ import annotations

import re
from collections.abc import Mapping

from monitor.diff.found import Found
from monitor.diff.telling.fields import tell_field
from monitor.diff.telling.phrases import PHRASES, RESULT_MODULES
from monitor.diff.telling.say import Said, count, quote, say
from monitor.model.change import Kind
from monitor.model.json import Json

_AUTHORS = re.compile(  # "Lee A, Doe BC; ON Study Group. "
    r"\A(?:[^,.;]{1,60}[,;] ){0,300}[^,.;]{1,60}(?:(?<= [A-Z])|(?<=[A-Z][A-Z])|(?<=et al))(?:; [^.;]{1,120})?\. (?=\S)"
)
_SHORT = 80  # characters of a value told whole
_KINDS = {
    "documents.documents": "documents",
    "references.references": "paper",
    "references.see_also": "link",
    "references.shared_data": "data",
}


def tell_paper(found: Found) -> Said:
    """By what it is: a document, a paper, a link, shared data."""
    if found.path not in _KINDS:
        return tell_field(found)
    kind, step = _KINDS[found.path], str(found.detail["step"])
    old, new = _object(found.before), _object(found.after)
    if kind == "paper" and step == "changed":
        step = _news_of_paper(old, new)
    elif kind == "paper" and (new or old).get("type") == "DERIVED":  # found by the registry, not named by the sponsor
        step = {"added": "found", "removed": "lost"}[step]
    return say(f"{kind}.{step}", title=_title(new or old))


def _news_of_paper(old: Mapping[str, Json], new: Mapping[str, Json]) -> str:
    if new.get("retractions") and not old.get("retractions"):
        return "retracted"
    erratum = ["erratum" in str(paper.get("citation")).lower() for paper in (old, new)]
    return "erratum" if erratum == [False, True] else "changed"


def _title(paper: Mapping[str, Json]) -> str:
    words = next((paper[key] for key in ("label", "citation", "id", "filename", "url", "pmid") if paper.get(key)), None)
    return quote(_AUTHORS.sub("", str(words), count=1), 120) if words else PHRASES["paper.untitled"]


def tell_results(found: Found) -> Said:
    """Posted, taken down, or how many values of which part changed."""
    if found.event in ("results.posted", "results.withdrawn"):
        return say(found.event)
    if not found.path.startswith(("results.modules", "results.annotations")):
        return tell_field(found)
    name = str(found.detail.get("name"))
    step = "added" if found.kind is Kind.ADDED else ("removed" if found.kind is Kind.REMOVED else "changed")
    words = RESULT_MODULES.get(name) or _readable(name)
    part = "note" if found.path.startswith("results.annotations") else "module"
    return say(f"results.{part}.{step}", name=words, values=_values(found))


def tell_tree(found: Found) -> Said:
    """What is not modelled is told by its path in the source."""
    name = quote(_readable(str(found.detail.get("name") or found.path)))
    if found.kind is Kind.REMOVED:
        return say("other.removed", name=name)
    before, after = _short(found.before), _short(found.after)
    if found.kind is Kind.ADDED:
        return say("other.added", name=name, value=after) if after else say("other.added_plain", name=name)
    if before and after:
        return say("other.value", name=name, before=before, after=after)
    return say("other.changed", name=name, values=_values(found))


def _short(value: Json) -> str:
    return quote(str(value)) if isinstance(value, str | int | float) and len(str(value)) <= _SHORT else ""


def _values(found: Found) -> str:
    values = found.detail.get("values")
    return count(len(values) if isinstance(values, list) else 1, "value")


def _readable(path: str) -> str:
    """ "protocolSection.someModule.newField" as "some / new field"."""
    parts = [part.removesuffix("[]").removesuffix("Module") for part in path.split(".")]
    words = [part.replace("_", " ") for part in parts if part not in ("protocolSection", "other")]
    spaced = [re.sub(r"(?<=[a-z0-9])[A-Z]", lambda capital: f" {capital[0].lower()}", word) for word in words]
    return " / ".join(spaced) or path


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}
