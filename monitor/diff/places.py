"""Which sites of two lists are one: the same words first, then the same place under another spelling."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from monitor.diff.align import by_identity, equal_ends, likeness
from monitor.diff.people import contact_key
from monitor.diff.sameness import folded, spelled, telling
from monitor.model.people import Site

PLACE = ("facility", "city", "state", "zip", "country")
_place = attrgetter(*PLACE)
_ALIKE = 75  # of 100: two names of one facility or town
_EQUAL = 90  # of 100: two names that differ by a slip only


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
    if not moved.removed or not moved.added:
        return SitePairs(same.pairs + moved.pairs, (), moved.removed, moved.added)
    respelled, removed, added = _respelled(moved.removed, moved.added, _repeated([*before, *after]))
    return SitePairs(same.pairs + moved.pairs, respelled, removed, added)


def _told(sites: Sequence[Site]) -> list[Site]:
    """Without entries that say nothing."""
    told = (*PLACE, "status")
    return [site for site in sites if any(getattr(site, name) for name in told) or telling(site.contacts)]


def place_key(site: Site) -> Hashable:
    """What makes a site the site it is, case and marks aside."""
    return tuple(map(_word, _place(site)))


@lru_cache(maxsize=4096)
def _word(text: str | None) -> str:
    return (folded(text) or "").casefold()


def contacts_key(site: Site) -> Hashable:
    """Equal for sites with the same contacts in any order."""
    return frozenset(Counter(contact_key(contact) for contact in site.contacts).items())


def _all_of(site: Site) -> Hashable:
    return tuple(map(folded, _place(site))), site.status, contacts_key(site)


def _repeated(sites: Sequence[Site]) -> frozenset[str]:
    """Names of facilities in more than one town ("Research Site"): such a name alone identifies nothing."""
    towns: defaultdict[str, set[str]] = defaultdict(set)
    for site in sites:
        towns[spelled(site.facility)].add(spelled(site.city) + _postcode(site))
    return frozenset(name for name, places in towns.items() if len(places) > 2)  # noqa: PLR2004 (one may be misspelt)


def _respelled(
    removed: Sequence[Site], added: Sequence[Site], repeated: frozenset[str]
) -> tuple[tuple[tuple[Site, Site], ...], tuple[Site, ...], tuple[Site, ...]]:
    """The likest pairs first; each site once."""
    scored = sorted(_candidates(removed, added, repeated))
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
) -> Iterator[tuple[float, str, int, int]]:
    """Pairs that share a postcode, a town or a name, with their likeness; texts decide between equals."""
    shelves: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for n, site in enumerate(added):
        for shelf in _shelves(site):
            shelves[shelf].append(n)
    for old, site in enumerate(removed):
        for new in {n for shelf in _shelves(site) for n in shelves.get(shelf, ())}:
            score = _likeness(site, added[new], repeated)
            if score:
                yield -score, f"{place_key(site)}{place_key(added[new])}", old, new


def _postcode(site: Site) -> str:
    """The postcode without the space or dash that some write inside it ("812-8582", "8128582")."""
    return "".join(filter(str.isalnum, spelled(site.zip)))


def _shelves(site: Site) -> Iterator[tuple[str, str]]:
    words = {"zip": _postcode(site), "city": spelled(site.city), "facility": spelled(site.facility)}
    return ((name, word + spelled(site.country)) for name, word in words.items() if word)


def _likeness(one: Site, other: Site, repeated: frozenset[str]) -> float:
    """How sure it is that two entries are one place; 0 for not sure enough."""
    names = likeness(spelled(one.facility), spelled(other.facility))
    town = likeness(spelled(one.city), spelled(other.city)) >= _ALIKE
    zips = (_postcode(one), _postcode(other))
    if all(zips) and zips[0] == zips[1]:
        return 100 + names if town or names >= _ALIKE else 0
    generic = spelled(one.facility) in repeated or spelled(other.facility) in repeated
    if all(zips):
        return names if town and names >= _EQUAL and not generic else 0
    return names if town and names >= _ALIKE and not (generic and names < _EQUAL) else 0
