"""Which sites of two lists are one: the same words first, then the same place under another spelling."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from monitor.diff.align import by_identity, equal_ends
from monitor.diff.facilities import Likeness, name_likeness, read_name
from monitor.diff.geography import country_key, same_town, same_zip, town_key, town_words, zip_key
from monitor.diff.lettering import WORD, plain
from monitor.diff.people import contact_key
from monitor.diff.sameness import folded, same, spelled, telling
from monitor.model.people import Site

PLACE = ("facility", "city", "state", "zip", "country")
_place = attrgetter(*PLACE)
_CROWD = 10_000  # pairs of sites on one shelf that are looked at one by one


@dataclass(frozen=True, slots=True)
class SitePairs:
    """Sites that changed but are one (`same` by place, `respelled` by likeness), and those of one side only."""

    same: tuple[tuple[Site, Site], ...]
    respelled: tuple[tuple[Site, Site], ...]
    removed: tuple[Site, ...]
    added: tuple[Site, ...]

    @property
    def pairs(self) -> tuple[tuple[Site, Site], ...]:
        return self.same + self.respelled


def pair_sites(before: Sequence[Site], after: Sequence[Site]) -> SitePairs:
    """Take equal sites out, then pair the rest by place, then by spelling."""
    kept = equal_ends(before, after)
    kept = by_identity(_told(kept.removed), _told(kept.added), lambda site: site)
    kept = by_identity(kept.removed, kept.added, _all_of)
    same = by_identity(kept.removed, kept.added, lambda site: (place_key(site), site.status))
    moved = by_identity(same.removed, same.added, place_key)
    respelled, removed, added = _respelled(moved.removed, moved.added, [*before, *after])
    return SitePairs(same.pairs + moved.pairs, respelled, removed, added)


def _told(sites: Sequence[Site]) -> list[Site]:
    """Without entries that say nothing."""
    told = (*PLACE, "status")
    return [site for site in sites if any(getattr(site, name) for name in told) or telling(site.contacts)]


def place_key(site: Site) -> Hashable:
    """What makes a site the site it is, case, marks and the names of countries aside."""
    facility, city, state, code, country = _place(site)
    return _word(facility), _word(city), _word(state), zip_key(code), country_key(country)


@lru_cache(maxsize=4096)
def _word(text: str | None) -> str:
    return (folded(text) or "").casefold()


def spelling_step(old: Site, new: Site) -> str:
    """What became of a site that is the same: address, spelled, renamed, named or unnamed (a stand-in for a name)."""
    if same(old.facility, new.facility):
        return "address"
    was, now = read_name(old.facility or ""), read_name(new.facility or "")
    if was.unnamed != now.unnamed:
        return "named" if was.unnamed else "unnamed"
    return "renamed" if name_likeness(was, now, _places(old, new)) <= Likeness.RELATED else "spelled"


def contacts_key(site: Site) -> Hashable:
    """Equal for sites with the same contacts in any order."""
    return frozenset(Counter(contact_key(contact) for contact in site.contacts).items())


def _all_of(site: Site) -> Hashable:
    return tuple(map(folded, _place(site))), site.status, contacts_key(site)


def _repeated(sites: Sequence[Site], asked: Collection[str | None]) -> frozenset[str]:
    """Those of the names asked for that stand in more than one town ("Research Site"): they identify nothing."""
    towns: defaultdict[str, set[str]] = defaultdict(set)
    for site in (site for site in sites if site.facility in asked):
        towns[spelled(site.facility)].add(town_key(site.city) + zip_key(site.zip))
    return frozenset(name for name, places in towns.items() if len(places) > 2)  # noqa: PLR2004 (one may be misspelt)


def _respelled(
    removed: Sequence[Site], added: Sequence[Site], every: Sequence[Site]
) -> tuple[tuple[tuple[Site, Site], ...], tuple[Site, ...], tuple[Site, ...]]:
    """The likest pairs first; each site once."""
    if not removed or not added:
        return (), tuple(removed), tuple(added)
    names = {site.facility for site in (*removed, *added)}
    scored = sorted(_candidates(removed, added, _repeated(every, names)))
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, old, new in scored:
        if old not in partner and new not in taken:
            partner[old] = new
            taken.add(new)
    return (
        tuple((removed[old], added[new]) for old, new in sorted(partner.items())),
        tuple(site for n, site in enumerate(removed) if n not in partner),
        tuple(site for n, site in enumerate(added) if n not in taken),
    )


def _candidates(
    removed: Sequence[Site], added: Sequence[Site], repeated: frozenset[str]
) -> Iterator[tuple[int, str, int, int]]:
    """Pairs of one country that share a postcode, a town or a name, the surest first; texts decide between equals."""
    shelves: tuple[defaultdict[tuple[str, str], list[int]], ...] = (defaultdict(list), defaultdict(list))
    for shelf, sites in zip(shelves, (removed, added), strict=True):
        for n, site in enumerate(sites):
            for key in _shelves(site):
                shelf[key].append(n)
    near = {
        (old, new)
        for key, olds in shelves[0].items()
        if len(olds) * len(shelves[1].get(key, ())) <= _CROWD
        for old in olds
        for new in shelves[1].get(key, ())
    }
    for old, new in near:
        score = _likeness(removed[old], added[new], repeated)
        if score:
            yield -score, f"{place_key(removed[old])}{place_key(added[new])}", old, new


def _shelves(site: Site) -> Iterator[tuple[str, str]]:
    country = country_key(site.country)
    code = zip_key(site.zip)
    if code:
        yield "zip", country + code[:5]
    for word in {town_key(site.city), *town_words(site.city)}:
        yield "town", country + word
    yield "name", country + spelled(site.facility)


def _likeness(one: Site, other: Site, repeated: frozenset[str]) -> int:
    """How sure it is that two entries are one place; 0 for not sure enough."""
    code, town = same_zip(one.zip, other.zip), same_town(one.city, other.city)
    names = name_likeness(read_name(one.facility or ""), read_name(other.facility or ""), _places(one, other))
    least = _least(one, other, repeated, code=code, town=town)
    return 0 if least is None or names < least else 10 * names + 2 * bool(code) + town + (one.status == other.status)


def _least(one: Site, other: Site, repeated: frozenset[str], *, code: bool | None, town: bool) -> Likeness | None:
    """How alike the names have to be, by what the rest of the address says; None where no name would be enough."""
    if code:
        return Likeness.UNNAMED if town else Likeness.RELATED
    if not town:
        return None
    if code is None:
        return Likeness.ALIKE
    name = read_name(one.facility or "")
    vague = {spelled(one.facility), spelled(other.facility)} & repeated or (name.unnamed and not name.numbers)
    return None if vague else Likeness.SAME


def _places(*sites: Site) -> frozenset[str]:
    """The words of their towns, states and countries."""
    told = " ".join(text for site in sites for text in (site.city, site.state, site.country) if text)
    return frozenset(WORD.findall(plain(told))).union(*(town_words(site.city) for site in sites))
