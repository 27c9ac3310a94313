"""What of a record is compared, section by section, in a form in which order and spelling marks say nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from monitor.diff.rows import flat_rows, row_key
from monitor.diff.sameness import as_json, canonical, fingerprint, folded, spelled
from monitor.model.record import TrialRecord
from monitor.model.sections import TRIAL_DATES, Sponsor

PLAIN = ("design", "conditions", "description", "oversight", "sharing")
LISTS = {
    "contacts": ("central", "officials"),
    "documents": ("documents",),
    "references": ("references", "see_also", "shared_data"),
}
_NOTHING = (b"{}", b"[]", b"null")


class NotEnough(AssertionError):
    """A change speaks of something that the record does not have."""


@dataclass(slots=True)
class Compared:
    """Fields by dotted path, and bags of things by the path of their list. A thing is canonical JSON in bytes."""

    values: dict[str, bytes] = field(default_factory=dict)
    bags: dict[str, list[bytes]] = field(default_factory=dict)

    def put(self, path: str, value: Any) -> None:
        """The value of a field; what says nothing is left out."""
        if _empty(value):
            self.values.pop(path, None)
        else:
            self.values[path] = thing(value)

    def bag(self, path: str, things: Iterable[Any]) -> None:
        self.bags[path] = [told for each in things if (told := thing(each)) not in _NOTHING]

    def add(self, path: str, value: Any) -> None:
        """A thing more in a bag; one that says nothing is none."""
        if thing(value) not in _NOTHING:
            self.bags.setdefault(path, []).append(thing(value))

    def take(self, path: str, value: Any) -> None:
        """A thing less. Raises NotEnough if the bag does not hold it."""
        held = self.bags.setdefault(path, [])
        if thing(value) in _NOTHING:
            return
        if thing(value) not in held:
            raise NotEnough(f"{path} does not hold {value!r}")
        held.remove(thing(value))

    def told(self) -> dict[str, Any]:
        """Equal for two records that say the same in all that is compared."""
        bags = {path: sorted(things) for path, things in self.bags.items() if things}
        return {**self.values, **bags}


def thing(value: Any) -> bytes:
    """Canonical JSON in bytes; yes and 1 are one, as they are wherever two values are held for equal."""
    plain = value if isinstance(value, Mapping | list | str | int | None) else as_json(value)
    return fingerprint(canonical(_as_numbers(plain)))


def _as_numbers(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _as_numbers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_numbers(inner) for inner in value]
    return int(value) if isinstance(value, bool) else value


def _empty(value: Any) -> bool:
    return canonical(as_json(value)) in (None, {}, [])


def compared(record: TrialRecord) -> Compared:
    """All sections of a record but what only the registry keeps of it."""
    form = Compared()
    for section in PLAIN:
        _fields(form, section, getattr(record, section))
    for section, names in LISTS.items():
        for name in names:
            form.bag(f"{section}.{name}", getattr(getattr(record, section), name))
    _identity(form, record)
    for name in TRIAL_DATES:
        form.put(f"dates.{name}", getattr(record.dates, name))
    _fields(form, "status", record.status)
    _sponsor(form, record.sponsor)
    form.put("enrollment", record.enrollment)
    form.put("documents.no_sap", record.documents.no_sap)
    _arms(form, record)
    for rank in ("primary", "secondary", "other"):
        form.bag(f"outcomes.{rank}", getattr(record.outcomes, rank))
    _criteria(form, record)
    form.bag("locations.sites", record.locations.sites)
    form.put("locations.count", record.locations.count or None)
    _trees(form, record)
    return form


def _fields(form: Compared, section: str, value: Any, *, skip: tuple[str, ...] = ()) -> None:
    for each in fields(value):
        if each.name in skip:
            continue
        held = getattr(value, each.name)
        if isinstance(held, tuple):
            form.bag(f"{section}.{each.name}", words_once(held))
        else:
            form.put(f"{section}.{each.name}", held)


def words_once(words: Iterable[str]) -> Iterable[str]:
    """Each word once: repeats say nothing."""
    return dict.fromkeys(word for text in words if (word := folded(text)))


def _identity(form: Compared, record: TrialRecord) -> None:
    who = record.identification
    _fields(form, "identification", who, skip=("other_ids", "other_id_details"))
    form.bag("identification.other_ids", words_once((*who.other_ids, *(each.id for each in who.other_id_details))))
    told = [each for each in who.other_id_details if each.type or each.domain or each.link]
    form.bag("identification.other_id_details", told)


def _sponsor(form: Compared, sponsor: Sponsor) -> None:
    form.put("sponsor.lead", sponsor.lead)
    form.put("sponsor.lead_class", sponsor.lead_class)
    names = (*sponsor.collaborators, *(agency.name for agency in sponsor.collaborator_details))
    form.bag("sponsor.collaborators", words_once(names))
    for agency in sorted(sponsor.collaborator_details, key=lambda each: each.agency_class or ""):
        if spelled(agency.name):
            form.put(f"sponsor.collaborator_class.{spelled(agency.name)}", agency.agency_class)
    form.put("sponsor.responsible_party", sponsor.responsible_party)
    form.put("sponsor.organization", sponsor.organization.name if sponsor.organization else None)
    form.put("sponsor.organization_class", sponsor.organization.agency_class if sponsor.organization else None)


def _arms(form: Compared, record: TrialRecord) -> None:
    """Without the links, which are said in both lists and compared as what an arm gets."""
    form.bag("arms.arms", (without_links(as_json(arm)) for arm in record.arms.arms))
    form.bag("arms.interventions", (without_links(as_json(each)) for each in record.arms.interventions))
    labels = {spelled(arm.label) for arm in record.arms.arms}
    names = {spelled(each.name) for each in record.arms.interventions}
    links = {link_key(arm.label, name, names) for arm in record.arms.arms for name in arm.interventions}
    links |= {link_key(label, each.name, names) for each in record.arms.interventions for label in each.arm_labels}
    form.bag(
        "arms.links", [{"arm": arm, "given": name} for arm, name in links if arm in labels and name in names - {""}]
    )


def without_links(item: Any) -> dict[str, Any]:
    kept = {key: value for key, value in item.items() if key not in ("interventions", "arm_labels")}
    return {**kept, **({"other_names": list(words_once(kept["other_names"]))} if "other_names" in kept else {})}


def link_key(label: str, name: str, names: set[str]) -> tuple[str, str]:
    """Arm and intervention; an arm may name it with its type in front."""
    bare = spelled(name.split(":", 1)[1]) if ":" in name else ""
    return spelled(label), bare if bare in names else spelled(name)


def _criteria(form: Compared, record: TrialRecord) -> None:
    skip = ("inclusion", "exclusion", "other", "raw")
    _fields(form, "eligibility", record.eligibility, skip=skip)
    rows = flat_rows(record.eligibility)
    for section in skip[:3]:
        form.bag(f"eligibility.{section}", (row_key(row.text) for row in rows if row.section == section))


def _trees(form: Compared, record: TrialRecord) -> None:
    form.put("results.has_results", record.results.has_results)
    for name in ("modules", "annotations"):
        for key, tree in getattr(record.results, name).items():
            form.put(f"results.{name}.{key}", tree)
    for key, tree in record.other.items():
        form.put(f"other.{key}", tree)


def exchange(form: Compared, path: str, before: Any, after: Any) -> None:
    """One thing for another in a bag; a number of which nothing is said is no thing."""
    bare = [path.endswith("other_id_details") and set(side or ()) <= {"id"} for side in (before, after)]
    if before is not None and not bare[0]:
        form.take(path, before)
    if after is not None and not bare[1]:
        form.add(path, after)


def as_object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def as_list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else []
