"""How sentences name sites: one by its name and town, a few by their towns, many by their countries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from monitor.diff.found import Found
from monitor.diff.telling.phrases import ARTICLES, PHRASES
from monitor.diff.telling.say import count, cut, listed, say
from monitor.model.json import Json

FEW = 3  # sites whose towns are named instead of their countries
FOLDED = 5  # countries in a sentence
_BRIEF = 3  # countries where a sentence tells of several kinds of sites

Object = Mapping[str, Json]


def place(site: Object) -> str:
    """ "Hospital, Town, Country"."""
    return ", ".join(words_of(site, ("facility", "city", "country"))) or PHRASES["sites.no_country"]


def words_of(site: Object, names: Sequence[str]) -> list[str]:
    """What the site says under these names, each once ("Singapore, Singapore" is one place)."""
    return list(dict.fromkeys(cut(str(site[name]), 90) for name in names if site.get(name)))


def named(sites: Sequence[Object], countries: Sequence[Object], *, brief: bool = False) -> str:
    """Towns of a few sites, else countries with their counts."""
    return listed(towns(sites)) if len(sites) <= FEW else by_country(countries, _BRIEF if brief else FOLDED)


def towns(sites: Sequence[Object]) -> list[str]:
    """ "Houston 2", "Dallas"."""
    numbers = Counter(
        cut(str(site.get("city") or site.get("facility") or PHRASES["sites.no_country"]), 60) for site in sites
    )
    several = len(numbers) > 1
    return [f"{town} {number}" if number > 1 and several else town for town, number in numbers.items()]


def towns_abroad(sites: Sequence[Object]) -> list[str]:
    """ "Rome (Italy)"."""
    numbers = Counter((towns([site])[0], country(site)) for site in sites)
    told = [(f"{town} {number}" if number > 1 else town, land) for (town, land), number in numbers.items()]
    return [f"{town} ({land})" if town != land else town for town, land in told]


def by_country(countries: Sequence[Object], limit: int = FOLDED) -> str:
    """ "Spain 10, Romania 5 and 8 more countries"."""
    told = [f"{country(each)} {number(each.get('count')):,}" for each in countries]
    if len(told) <= limit + 1:  # "1 more country" would be no shorter
        return ", ".join(told)
    more = count(len(told) - limit, "country")
    rest = say("sites.more_countries.count", count=more.split()[0], noun=more.split()[1]).sentence
    return say("sites.more_countries", list=", ".join(told[:limit]), more=rest).sentence


def country(counted: Object) -> str:
    """The name in the order of speech: "Republic of Korea" for "Korea, Republic of"."""
    name = cut(str(counted.get("country") or PHRASES["sites.no_country"]), 60)
    first, comma, rest = name.partition(", ")
    return f"{rest} {first}" if comma and rest.casefold().endswith((" of", " of the")) else name


def within(name: str) -> str:
    """The country as it stands after "in": "the United States"."""
    return PHRASES["sites.the"].format(country=name) if name in ARTICLES else name


def within_all(names: Sequence[Json]) -> str:
    return listed([within(str(name)) for name in names if name])


def counted_countries(sites: Sequence[Object]) -> list[Object]:
    """Countries with the number of these sites, most first."""
    numbers = Counter(str(site.get("country") or "") for site in sites)
    return [{"country": name, "count": n} for name, n in sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0]))]


def sites_of(found: Found, side: str) -> list[Object]:
    return [thing(thing(each).get(side)) for each in many(found.detail["sites"])]


def countries_of(found: Found) -> list[Object]:
    return [thing(each) for each in many(found.detail["countries"])]


def thing(value: Json) -> Object:
    return value if isinstance(value, Mapping) else {}


def many(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list) else []


def number(value: Json) -> int:
    return value if isinstance(value, int) else 0
