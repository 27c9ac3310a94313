"""Sites: opened, closed, another status, another contact, spelled anew; every event lists its sites."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from monitor.sources.ctgov import words
from tests.planted.edits.people import PERSON, email, phone
from tests.planted.plot import Editor, Fact, Plot, odd, spelled
from tests.planted.words import COUNTRIES, TOWNS

SITE_SLOT = "all sites"
_NAME = 12  # words; more are a notice in the place of a name, and tell no site from another
_PLACE = ("facility", "city", "state", "zip", "country")


def site_json(site: dict[str, Any]) -> dict[str, Any]:
    """The site as the contract spells it."""
    told = spelled(site, {name: name for name in (*_PLACE, "status")})
    contacts = [spelled(each, PERSON) for each in site.get("contacts", [])]
    return told | ({"contacts": contacts} if contacts else {})


def _line(site: dict[str, Any]) -> str:
    place = ", ".join(site[name] for name in _PLACE if site.get(name))
    return f"{place}: {site['status']}" if site.get("status") else place


def _fact(event: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> Fact:
    return Fact(
        edit=f"sites.{event}",
        category="locations",
        path="locations.sites",
        before=[_line(before)] if before else None,
        after=[_line(after)] if after else None,
        detail={"sites": [{"before": before, "after": after}]},
        event=f"sites.{event}",
        group=f"sites.{event}",
        joined=True,
    )


def _sites(plot: Plot) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = plot.module("contactsLocationsModule").setdefault("locations", [])
    return listed


def _pick(plot: Plot) -> dict[str, Any] | None:
    """A site that stands once and that no other edit has touched."""
    if SITE_SLOT in plot.taken:
        return None
    sites = _sites(plot)
    places = Counter(_place(site) for site in sites)
    free = [s for s in sites if places[_place(s)] == 1 and s.get("facility") and ("site", _place(s)) not in plot.taken]
    site: dict[str, Any] | None = plot.some(free) if free else None
    if site is None or odd(site):
        return None
    plot.free(("site", _place(site)))
    return site


def _place(site: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(site.get(name) or "").casefold() for name in _PLACE)


def opened(plot: Plot) -> list[Fact]:
    """A new site, in a town of its own or in a town that has others."""
    sites = _sites(plot)
    if SITE_SLOT in plot.taken:
        return []
    town = {"city": plot.some(list(TOWNS)), "country": plot.some(list(COUNTRIES))}
    if sites and plot.chance.randrange(3) == 0:
        town = {key: value for key, value in plot.some(sites).items() if key in ("city", "state", "country")}
    name = f"{plot.phrase(2).title()} Hospital"
    site = {"facility": name, "zip": f"Q{plot.chance.randrange(10**5)}", **town}
    if plot.chance.randrange(4):
        site["status"] = plot.some(["RECRUITING", "NOT_YET_RECRUITING"])
    if odd(site) or not plot.free(("site", _place(site))) or not plot.unlike("facility", name):
        return []
    sites.append(site)
    return [_fact("opened", None, site_json(site))]


def closed(plot: Plot) -> list[Fact]:
    """A site that is no longer listed."""
    site = _pick(plot)
    if site is None or not plot.unlike("facility", site["facility"]):
        return []
    before = site_json(site)
    _sites(plot).remove(site)
    return [_fact("closed", before, None)]


def status(plot: Plot) -> list[Fact]:
    """Another status of one site, given for the first time, or no longer given."""
    site = _pick(plot)
    if site is None or not plot.free("status.overall"):
        return []
    before = site_json(site)
    _restate(plot, site)
    return [_fact("status", before, site_json(site))]


def _restate(plot: Plot, site: dict[str, Any]) -> None:
    if site.get("status") and not plot.chance.randrange(5):
        del site["status"]
    else:
        site["status"] = plot.some(sorted(words.SITE_STATUS - {site.get("status")}))


def many_statuses(plot: Plot) -> list[Fact]:
    """Several sites change their status in one update: one event."""
    facts = [fact for _ in range(plot.chance.randrange(2, 9)) for fact in _one_of_many(plot)]
    if facts:
        plot.taken.add("status.overall")
    return facts


def _one_of_many(plot: Plot) -> list[Fact]:
    site = _pick(plot)
    if site is None or ("status.overall" in plot.taken):
        return []
    before = site_json(site)
    site["status"] = plot.some(sorted(words.SITE_STATUS - {site.get("status")}))
    return [_fact("status", before, site_json(site))]


def contact(plot: Plot) -> list[Fact]:
    """A contact of a site comes, goes or has another phone."""
    site = _pick(plot)
    if site is None or not plot.free("status.overall"):
        return []
    before = site_json(site)
    _contact(plot, site)
    return [_fact("contact", before, site_json(site))]


def _contact(plot: Plot, site: dict[str, Any]) -> None:
    contacts = site.setdefault("contacts", [])
    step = plot.chance.randrange(3)
    if contacts and step == 0:
        contacts.remove(plot.some(contacts))
    elif contacts and step == 1:
        plot.some(contacts)["phone"] = phone(plot)
    else:
        contacts.append({"name": plot.phrase(2).title(), "role": "CONTACT", "email": email(plot)})


def status_and_contact(plot: Plot) -> list[Fact]:
    """Both at one site: two events that name it."""
    site = _pick(plot)
    if site is None or not plot.free("status.overall"):
        return []
    before = site_json(site)
    site["status"] = plot.some(sorted(words.SITE_STATUS - {site.get("status")}))
    _contact(plot, site)
    after = site_json(site)
    return [_fact("status", before, after), _fact("contact", before, after)]


def respelled(plot: Plot) -> list[Fact]:
    """A slip in the name mended, accents garbled, a case or the postcode's spelling changed."""
    site = _pick(plot)
    if site is None or len(site["facility"]) < 12 or site["facility"].casefold().startswith(("research", "site")):
        return []
    names = Counter(str(each.get("facility")).casefold() for each in _sites(plot))
    if names[site["facility"].casefold()] > 1 or not site.get("zip") or not site.get("city"):
        return []
    if not plot.unlike("facility", site["facility"]):
        return []
    before = site_json(site)
    site["facility"] = _slip(plot, site["facility"])
    plot.free(("site", _place(site)))
    if plot.chance.randrange(4) or "status.overall" in plot.taken:
        return [_fact("respelled", before, site_json(site))]
    plot.taken.add("status.overall")
    site["status"] = plot.some(sorted(words.SITE_STATUS - {site.get("status")}))
    after = site_json(site)
    return [_fact("respelled", before, after), _fact("status", before, after)]


def _slip(plot: Plot, name: str) -> str:
    spots = [n for n, c in enumerate(name) if c.isalpha() and c.isascii() and 3 < n < len(name) - 2]
    if not spots:
        return f"{name}, Main"
    spot = plot.some(spots)
    return {
        0: f"{name[:spot]}é{name[spot + 1 :]}",
        1: f"{name[:spot]}{name[spot + 1 :]}",
        2: f"{name[:spot]}{name[spot]}{name[spot:]}",
    }[plot.chance.randrange(3)]


def replaced_place(plot: Plot) -> list[Fact]:
    """A postcode corrected, a state given: the same hospital in the same town."""
    site = _pick(plot)
    names = Counter(str(each.get("facility")).casefold() for each in _sites(plot))
    if site is None or names[site["facility"].casefold()] > 1 or not site.get("city"):
        return []
    if len(site["facility"].split()) > _NAME:
        return []
    if not plot.unlike("facility", site["facility"]):
        return []
    before = site_json(site)
    key = plot.some(["zip", "state"])
    site[key] = f"Z{plot.chance.randrange(10**4)}" if key == "zip" else plot.phrase(1).title()
    plot.free(("site", _place(site)))
    return [_fact("respelled", before, site_json(site))]


def editors() -> Iterator[tuple[str, Editor]]:
    """Each editor with the category that its edits are told in."""
    for editor in (opened, closed, status, contact, status_and_contact, respelled, many_statuses, replaced_place):
        yield "locations", editor
