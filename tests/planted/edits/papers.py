"""Documents, citations, links, shared data; and the numbers that a trial has elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.planted.plot import Editor, Fact, Plot, odd, reworded, spelled

_DOCUMENT = {
    "label": "label",
    "typeAbbrev": "type",
    "hasProtocol": "has_protocol",
    "hasSap": "has_sap",
    "hasIcf": "has_icf",
    "date": "date",
    "uploadDate": "upload_date",
    "filename": "filename",
    "size": "size",
}
_REFERENCE = {"pmid": "pmid", "type": "type", "citation": "citation", "retracted": "retractions"}
_LINK = {"label": "label", "url": "url"}
_SHARED = {"id": "id", "type": "type", "url": "url", "comment": "comment"}


def _told(what: str, before: Any, after: Any, names: dict[str, str]) -> list[Fact]:
    category, _, _ = what.partition(".")
    sides = [_paper(each, names) if each else None for each in (before, after)]
    return [Fact(edit=what, category=category, path=what, before=sides[0], after=sides[1])]


def _paper(paper: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """No is an answer: a mark that says so stays."""
    told = spelled(paper, names) | {names[key]: False for key in paper if key in names and paper[key] is False}
    notices = [_notice(each.get("source"), each.get("pmid")) for each in paper.get("retractions", [])]
    return told | ({"retractions": notices} if notices else {})


def _notice(source: str | None, pmid: str | None) -> str | None:
    number = f"PMID {pmid}" if pmid else None
    return f"{source} ({number})" if source and number else source or number


def _pick(plot: Plot, what: str, listed: list[dict[str, Any]], *keys: str) -> dict[str, Any] | None:
    """An item that has all of the keys, that no edit touched, and that no other is like."""
    free = []
    for each in listed:
        alike = [other for other in listed if any(other.get(key) == each.get(key) for key in keys)]
        if all(each.get(key) for key in keys) and len(alike) == 1 and (what, str(each.get(keys[0]))) not in plot.taken:
            free.append(each)
    found: dict[str, Any] | None = plot.some(free) if free else None
    if found is None or odd(found):
        return None
    plot.free((what, str(found[keys[0]])))
    return found


def document(plot: Plot) -> list[Fact]:
    """Posted, withdrawn, or put in place of an earlier one."""
    what = "documents.documents"
    module = plot.study.setdefault("documentSection", {}).setdefault("largeDocumentModule", {})
    listed = module.setdefault("largeDocs", [])
    step = plot.chance.randrange(3)
    if step == 0:
        if not plot.free("a document comes or goes"):
            return []
        number = plot.chance.randrange(100, 999)
        fresh = {"typeAbbrev": "ICF", "hasProtocol": False, "hasSap": False, "hasIcf": True, "size": number * 1000}
        fresh |= {"label": "Informed Consent Form", "date": "2025-03-02", "filename": f"ICF_{number}.pdf"}
        listed.append(fresh)
        plot.free((what, fresh["filename"]))
        return _told(what, None, fresh, _DOCUMENT)
    found = _pick(plot, what, listed, "filename")
    if found is None:
        return []
    before = dict(found)
    if step == 1:
        if not plot.free("a document comes or goes"):
            return []
        listed.remove(found)
        return _told(what, before, None, _DOCUMENT)
    found["uploadDate"] = f"2025-{plot.chance.randrange(1, 13):02}-15T10:{plot.chance.randrange(60):02}"
    found["size"] = plot.chance.randrange(10_000, 10_000_000)
    return _told(what, before, found, _DOCUMENT)


def no_plan(plot: Plot) -> list[Fact]:
    """No analysis plan exists, said or unsaid."""
    module = plot.study.setdefault("documentSection", {}).setdefault("largeDocumentModule", {})
    before = module.get("noSap")
    if not plot.free("no sap"):
        return []
    module["noSap"] = not before
    path = "documents.no_sap"
    return [Fact(edit=path, category="documents", path=path, before=before, after=not before)]


def _references(plot: Plot) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = plot.module("referencesModule").setdefault("references", [])
    return listed


def reference_came_or_went(plot: Plot) -> list[Fact]:
    """A paper named, found by the registry, or no longer listed."""
    what, listed = "references.references", _references(plot)
    if plot.chance.randrange(2):
        kind = plot.some(["DERIVED", "BACKGROUND", "RESULT"])
        fresh = {"type": kind, "citation": f"{plot.sentence(9)}. J Med. 2025."}
        if plot.chance.randrange(4):
            fresh["pmid"] = str(plot.chance.randrange(10**7, 10**8))
        plot.free((what, fresh["citation"]))
        listed.append(fresh)
        return _told(what, None, fresh, _REFERENCE) if plot.unlike("paper", fresh["citation"]) else _none(listed, fresh)
    found = _pick(plot, what, listed, "citation")
    if found is None or not plot.unlike("paper", found["citation"]):
        return []
    listed.remove(found)
    return _told(what, found, None, _REFERENCE)


def _none(listed: list[dict[str, Any]], fresh: dict[str, Any]) -> list[Fact]:
    listed.remove(fresh)
    return []


def reference_changed(plot: Plot) -> list[Fact]:
    """A citation mended, another role in the trial, or the notice that it was withdrawn."""
    what, listed = "references.references", _references(plot)
    found = _pick(plot, what, listed, "citation")
    if found is None:
        return []
    alike = [each for each in listed if each.get("pmid") and each.get("pmid") == found.get("pmid")]
    before, step = dict(found), plot.chance.randrange(4)
    if len(alike) > 1:
        return []
    if step == 0:
        changed = reworded(plot, found["citation"])
        if changed is None or not plot.unlike("paper", found["citation"]):
            return []
        found["citation"] = changed.text
    elif step == 3 and not found.get("pmid"):
        found["pmid"] = str(plot.chance.randrange(10**7, 10**8))
    elif step == 1:
        found["type"] = "RESULT" if found.get("type") != "RESULT" else "BACKGROUND"
    else:
        notice = {"pmid": str(plot.chance.randrange(10**7)), "source": f"J Med. 2025; {plot.chance.randrange(99)}"}
        found["retractions"] = [*found.get("retractions", []), notice]
    plot.free((what, found["citation"]))
    return _told(what, before, found, _REFERENCE)


def link(plot: Plot) -> list[Fact]:
    """A page to read on: named, no longer named, at another address, under another name."""
    what = "references.see_also"
    listed = plot.module("referencesModule").setdefault("seeAlsoLinks", [])
    step = plot.chance.randrange(4)
    address = f"https://example.org/{plot.phrase(2).replace(' ', '/')}/{plot.chance.randrange(10**6)}"
    if step == 0:
        if not plot.free("a link comes or goes"):
            return []
        fresh = {"label": plot.sentence(5), "url": address}
        plot.free((what, address))
        listed.append(fresh)
        return _told(what, None, fresh, _LINK)
    found = _pick(plot, what, listed, "url", "label")
    if found is None:
        return []
    before = dict(found)
    if step == 1:
        if not plot.free("a link comes or goes"):
            return []
        listed.remove(found)
        return _told(what, before, None, _LINK)
    found["url" if step == 2 else "label"] = address if step == 2 else plot.sentence(4)
    plot.free((what, found["url"]))
    return _told(what, before, found, _LINK)


def shared_data(plot: Plot) -> list[Fact]:
    """Data given to others: offered, taken back, at another address."""
    what = "references.shared_data"
    listed = plot.module("referencesModule").setdefault("availIpds", [])
    found = _pick(plot, what, listed, "id") if plot.chance.randrange(2) else None
    if found is None:
        fresh = {
            "id": plot.sentence(2),
            "type": "Dataset",
            "url": f"https://example.org/{plot.chance.randrange(10**8)}",
        }
        plot.free((what, fresh["id"]))
        listed.append(fresh)
        return _told(what, None, fresh, _SHARED)
    before = dict(found)
    if plot.chance.randrange(2):
        listed.remove(found)
        return _told(what, before, None, _SHARED)
    found["comment"] = plot.sentence(9)
    return _told(what, before, found, _SHARED)


def number(plot: Plot) -> list[Fact]:
    """A number elsewhere that came, went, or is told of in another way."""
    identity, path = plot.module("identificationModule"), "identification.other_ids"
    listed = identity.setdefault("secondaryIdInfos", [])
    numbers = [each.get("id") for each in (identity.get("orgStudyIdInfo", {}), *listed)]
    if len(set(numbers)) < len(numbers) or odd(listed) or not plot.free(path):
        return []
    step = plot.chance.randrange(4)
    if step == 0 and identity.get("orgStudyIdInfo", {}).get("id"):
        before, fresh = identity["orgStudyIdInfo"]["id"], f"X-{plot.chance.randrange(10**6)}"
        identity["orgStudyIdInfo"]["id"] = fresh
        return [Fact(edit="own number", category="identifiers", path=path, before=[before], after=[fresh])]
    if listed and step == 1:
        gone = listed.pop(plot.chance.randrange(len(listed)))
        return (
            [Fact(edit="number gone", category="identifiers", path=path, before=[gone["id"]])] if gone.get("id") else []
        )
    if listed and step == 2:
        return _number_details(plot, plot.some(listed))
    fresh = f"{plot.chance.randrange(2010, 2026)}-{plot.chance.randrange(10**6):06}-11"
    listed.append({"id": fresh, "type": "EUDRACT_NUMBER"})
    return [Fact(edit="number given", category="identifiers", path=path, after=[fresh])]


def _number_details(plot: Plot, each: dict[str, Any]) -> list[Fact]:
    names = {"id": "id", "type": "type", "domain": "domain", "link": "link"}
    before, each["domain"] = spelled(each, names), plot.sentence(3)
    path = "identification.other_id_details"
    return [Fact(edit="number", category="identifiers", path=path, before=before, after=spelled(each, names))]


def editors() -> Iterator[tuple[str, Editor]]:
    """Each editor with the category that its edits are told in."""
    yield "documents", document
    yield "documents", document
    yield "documents", no_plan
    for editor in (reference_came_or_went, reference_changed, link, shared_data):
        yield "references", editor
    yield "identifiers", number
    yield "identifiers", number
