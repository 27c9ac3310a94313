"""Where the trial runs: one change for each kind of event, with every site of it in the detail."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from monitor.diff.found import Found
from monitor.diff.geography import country_key
from monitor.diff.places import PLACE, SitePairs, contacts_key, pair_sites, spelling_step
from monitor.diff.sameness import as_json, same
from monitor.diff.status import OPEN, recruits
from monitor.model.change import Category, Kind
from monitor.model.json import Json, JsonObject
from monitor.model.people import Site
from monitor.model.record import TrialRecord

MANY = 10  # sites; with a quarter of all of them no longer listed the loss is grave
_SHARE = 4

Pairs = Sequence[tuple[Site | None, Site | None]]


def site_changes(before: TrialRecord, after: TrialRecord) -> Iterator[Found]:
    """Opened, closed, status, contact, respelled: each told once, whatever the number of sites."""
    if not before.locations.sites and not after.locations.sites:
        yield from _count_only(before, after)
        return
    paired = pair_sites(before.locations.sites, after.locations.sites)
    yield from _opened(before, after, paired)
    yield from _closed(before, after, paired)
    statuses, contacts = _news(before, after, paired)
    yield from _statuses(before, after, statuses, paired)
    yield from _contacts(after, contacts)
    yield from _respelled(after, paired)


def follow_the_trial(before: TrialRecord, after: TrialRecord) -> JsonObject:
    """What the sites lost because the trial itself stopped recruiting: told within the change of its status."""
    if not _closing(before, after) or before.locations.sites == after.locations.sites:
        return {}
    pairs = pair_sites(before.locations.sites, after.locations.sites).pairs
    lost: Pairs = [
        (old, new) for old, new in pairs if (old.status and not new.status) or (old.contacts and not new.contacts)
    ]
    return {"sites": _listed(lost)} if lost else {}


def _closing(before: TrialRecord, after: TrialRecord) -> bool:
    return not recruits(after.status.overall) and not same(before.status.overall, after.status.overall)


def _news(
    before: TrialRecord, after: TrialRecord, paired: SitePairs
) -> tuple[list[tuple[Site, Site]], list[tuple[Site, Site]]]:
    """Pairs whose status and pairs whose contacts changed, without what merely follows the trial's own status."""
    closing = _closing(before, after)
    statuses = [(o, n) for o, n in paired.pairs if not same(o.status, n.status) and not (closing and not n.status)]
    contacts = [(o, n) for o, n in paired.pairs if _contacts_differ(o, n) and not (closing and not n.contacts)]
    return statuses, contacts


def _contacts_differ(old: Site, new: Site) -> bool:
    return old.contacts != new.contacts and contacts_key(old) != contacts_key(new)


def _count_only(before: TrialRecord, after: TrialRecord) -> Iterator[Found]:
    old, new = before.locations.count, after.locations.count
    if old != new:
        kind = Kind.ADDED if old is None else (Kind.REMOVED if new is None else Kind.CHANGED)
        yield Found(
            event="sites.count", category=Category.LOCATIONS, path="locations.count", kind=kind, before=old, after=new
        )


def _opened(before: TrialRecord, after: TrialRecord, paired: SitePairs) -> Iterator[Found]:
    """A site that states no status of its own is as open as its trial."""
    if not paired.added:
        return
    known = _countries(before.locations.sites)
    new = [country for country, _ in _by_country(paired.added) if country_key(country) not in known]
    number = sum((site.status or after.status.overall) in OPEN for site in paired.added)
    detail: dict[str, Json] = {
        "statuses": _counted(site.status for site in paired.added),
        "open": number,
        "new_countries": list(new),
        "was": len(before.locations.sites),
        "now": len(after.locations.sites),
        "removed": len(paired.removed),
        "closed": sum(_shut(old, new) for old, new in paired.pairs),
    }
    waiting = all(site.status and site.status not in OPEN for site in paired.added)
    event = "sites.added" if waiting else "sites.opened"
    yield _event(event, Kind.ADDED, [(None, site) for site in paired.added], detail)


def _shut(old: Site, new: Site) -> bool:
    """True if people could join here, and the site now says that they cannot."""
    return old.status in OPEN and new.status is not None and new.status not in OPEN


def _closed(before: TrialRecord, after: TrialRecord, paired: SitePairs) -> Iterator[Found]:
    if not paired.removed:
        return
    left = _countries(after.locations.sites)
    gone, total = len(paired.removed), len(before.locations.sites)
    last = _last_open(before, after)
    detail: dict[str, Json] = {
        "left_countries": [country for country, _ in _by_country(paired.removed) if country_key(country) not in left],
        "was": total,
        "now": len(after.locations.sites),
        "added": len(paired.added),
        "last_open": [name for name in last if _closed_open_site(name, paired)],
        "last_open_sites": _open_sites(before, last),
    }
    grave = not after.locations.sites or (gone >= MANY and gone * _SHARE >= total)
    event = "sites.many_closed" if grave else "sites.closed"
    yield _event(event, Kind.REMOVED, [(site, None) for site in paired.removed], detail)


def _closed_open_site(country: str, paired: SitePairs) -> bool:
    """True if a site of the country left the list while it was open: then this is what closed its last ones."""
    return any(country_key(site.country) == country_key(country) and site.status in OPEN for site in paired.removed)


def _statuses(
    before: TrialRecord, after: TrialRecord, pairs: list[tuple[Site, Site]], paired: SitePairs
) -> Iterator[Found]:
    if not pairs:
        return
    steps = Counter((old.status, new.status) for old, new in pairs)
    ordered = sorted(steps.items(), key=lambda step: (-step[1], str(step[0])))
    last = [name for name in _last_open(before, after) if not _closed_open_site(name, paired)]
    detail: dict[str, Json] = {
        "steps": [
            {
                "before": was,
                "after": now,
                "count": count,
                "countries": _pairs_json(_by_country(n for o, n in pairs if (o.status, n.status) == (was, now))),
            }
            for (was, now), count in ordered
        ],
        "now": len(after.locations.sites),
        "all": len(pairs) == len(after.locations.sites),
        "with_trial": not same(before.status.overall, after.status.overall),
        "last_open": list(last),
        "last_open_sites": _open_sites(before, last),
    }
    yield _event("sites.status", Kind.CHANGED, pairs, detail)


def _last_open(before: TrialRecord, after: TrialRecord) -> list[str]:
    """Countries that had an open site and still have sites, but no open one; empty while no site states a status."""
    if not any(site.status for site in after.locations.sites):
        return []
    was = {country_key(s.country): s.country for s in before.locations.sites if s.status in OPEN}
    now = {country_key(s.country) for s in after.locations.sites if s.status in OPEN}
    listed = {country_key(s.country): s.country for s in after.locations.sites}
    return sorted(name for key in was if key not in now and (name := listed.get(key)))


def _open_sites(record: TrialRecord, countries: Sequence[str]) -> int:
    keys = {country_key(name) for name in countries}
    return sum(site.status in OPEN and country_key(site.country) in keys for site in record.locations.sites)


def _contacts(after: TrialRecord, pairs: list[tuple[Site, Site]]) -> Iterator[Found]:
    if not pairs:
        return
    steps = Counter(_step(old, new) for old, new in pairs)
    detail: dict[str, Json] = {"steps": dict(sorted(steps.items())), "now": len(after.locations.sites)}
    yield _event("sites.contact", Kind.CHANGED, pairs, detail)


def _step(old: Site, new: Site) -> str:
    if not old.contacts:
        return "given"
    return "changed" if new.contacts else "gone"


def _respelled(after: TrialRecord, paired: SitePairs) -> Iterator[Found]:
    """`steps` counts what happened to the names; `shared` is the one field that all gave alike, before and after."""
    pairs = [*paired.respelled, *(pair for pair in paired.same if _spelling_differs(*pair))]
    if not pairs:
        return
    steps: defaultdict[str, list[Site]] = defaultdict(list)
    for old, new in pairs:
        steps[spelling_step(old, new)].append(new)
    detail: dict[str, Json] = {
        "steps": [
            {"step": step, "count": len(sites), "countries": _pairs_json(_by_country(sites))}
            for step, sites in sorted(steps.items(), key=lambda each: (-len(each[1]), each[0]))
        ],
        "fields": [name for name in PLACE if any(not same(getattr(o, name), getattr(n, name)) for o, n in pairs)],
        "shared": _shared(pairs),
        "others_moved": bool(paired.removed or paired.added),
        "now": len(after.locations.sites),
    }
    yield _event("sites.respelled", Kind.CHANGED, pairs, detail)


def _shared(pairs: Sequence[tuple[Site, Site]]) -> Json:
    edits = {
        tuple(
            (name, getattr(o, name), getattr(n, name)) for name in PLACE if not same(getattr(o, name), getattr(n, name))
        )
        for o, n in pairs
    }
    (edit, *others) = edits
    if others or len(edit) != 1 or edit[0][0] == "facility":
        return None
    field, before, after = edit[0]
    return {"field": field, "before": before, "after": after}


def _spelling_differs(old: Site, new: Site) -> bool:
    return any(not same(getattr(old, name), getattr(new, name)) for name in PLACE)


def _event(event: str, kind: Kind, pairs: Pairs, detail: dict[str, Json]) -> Found:
    """`before` and `after` name the sites in one line each; the detail holds them whole."""
    shown = [new or old for old, new in pairs]
    detail = {
        "sites": _listed(pairs),
        "countries": _pairs_json(_by_country(site for site in shown if site)),
        **detail,
    }
    return Found(
        event=event,
        category=Category.LOCATIONS,
        path="locations.sites",
        kind=kind,
        before=[_line(old) for old, _ in pairs if old] or None,
        after=[_line(new) for _, new in pairs if new] or None,
        detail=detail,
    )


def _line(site: Site) -> str:
    """ "Hospital, Town, Country: RECRUITING"."""
    place = ", ".join(part for part in (site.facility, site.city, site.state, site.zip, site.country) if part)
    return f"{place}: {site.status}" if site.status else place


def _listed(pairs: Pairs) -> list[Json]:
    return [{"before": as_json(old) if old else None, "after": as_json(new) if new else None} for old, new in pairs]


def _by_country(sites: Iterable[Site]) -> list[tuple[str, int]]:
    """Countries with their number of sites, most first."""
    counted = Counter(site.country or "" for site in sites)
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))


def _pairs_json(counted: list[tuple[str, int]]) -> list[Json]:
    return [{"country": country or None, "count": count} for country, count in counted]


def _counted(statuses: Iterable[str | None]) -> list[Json]:
    counted = Counter(statuses)
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], str(pair[0])))
    return [{"status": status, "count": count} for status, count in ordered]


def _countries(sites: Sequence[Site]) -> frozenset[str]:
    return frozenset(country_key(site.country) for site in sites)
