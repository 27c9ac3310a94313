"""Sentences on sites: by country, the first five named, the rest counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from monitor.diff.found import Found
from monitor.diff.telling.phrases import PHRASES
from monitor.diff.telling.say import Said, count, cut, join, listed, say
from monitor.model.json import Json
from monitor.text.words import status_word

_FEW = 3  # sites whose towns are named instead of their countries
_FOLDED = 5  # countries in a sentence
_STEPS = 3  # kinds of steps told one by one

Object = Mapping[str, Json]


def tell_sites(found: Found) -> Said:
    """One sentence or two for each kind of event."""
    match found.event:
        case "sites.opened" | "sites.added":
            return _came(found)
        case "sites.closed" | "sites.many_closed":
            return _went(found)
        case "sites.status":
            return _status(found)
        case "sites.contact":
            return _contact(found)
        case "sites.respelled":
            return _respelled(found)
        case _:
            return _count(found)


def _came(found: Found) -> Said:
    sites, event = _sites(found, "after"), found.event
    if len(sites) == 1:
        word = _status_of(sites[0])
        if event == "sites.opened":
            said = say("sites.one_opened", place=_place(sites[0]))
        elif word:
            said = say("sites.one_added", place=_place(sites[0]), status=word)
        else:
            said = say("sites.one_added_bare", place=_place(sites[0]))
    else:
        said = join(_came_many(found, sites), _statuses_of(found) if event == "sites.added" else None)
    return join(said, _first(found, len(sites)), _total(found))


def _came_many(found: Found, sites: Sequence[Object]) -> Said:
    number, countries = count(len(sites), "site"), _countries(found)
    if len(countries) == 1 and len(sites) <= _FEW:
        both = PHRASES["sites.both" if len(sites) == 2 else "sites.all"]  # noqa: PLR2004 (both are two)
        facts = {"both": both, "country": _country(countries[0]), "places": listed(_towns(sites))}
        return say(f"{found.event}_in_one", sites=number, **facts)
    if len(countries) == 1:
        return say(found.event, sites=number, where=_country(countries[0]))
    new = len(_list(found.detail.get("new_countries")))
    key = "sites.where_new" if new and found.detail.get("was") else "sites.where"
    told = say(key, countries=count(len(countries), "country"), new=new, list=_by_country(countries)).sentence
    return say(found.event, sites=number, where=told)


def _statuses_of(found: Found) -> Said | None:
    statuses = [_object(each) for each in _list(found.detail.get("statuses"))]
    if any(each.get("status") is None for each in statuses):
        return None
    return say("sites.statuses", statuses=_counted(statuses))


def _counted(statuses: Sequence[Object], key: str = "status") -> str:
    if len(statuses) == 1:
        return status_word(str(statuses[0].get(key)))
    return ", ".join(f"{each.get('count'):,} {status_word(str(each.get(key)))}" for each in statuses)


def _first(found: Found, number: int) -> Said | None:
    if found.detail.get("was") == 0:
        return say("sites.first_one" if number == 1 else "sites.first")
    return say("sites.none_closed") if number > 1 and found.detail.get("removed") == 0 else None


def _total(found: Found) -> Said | None:
    now, was = found.detail.get("now"), found.detail.get("was")
    told = isinstance(now, int) and was and not found.detail.get("removed")  # else the loss tells it
    return say("sites.now", sites=count(_number(now), "site")) if told else None


def _went(found: Found) -> Said:
    sites, now = _sites(found, "before"), found.detail.get("now")
    if len(sites) == 1:
        said = say("sites.one_closed", place=_place(sites[0]))
    else:
        said = say("sites.closed", sites=count(len(sites), "site"), list=_named(sites, _countries(found)))
    if not now:
        return join(said, say("sites.none_left"))
    left = [str(each) for each in _list(found.detail.get("left_countries")) if each]
    gone = say("sites.left", countries=listed(left)) if left and len(left) <= _FOLDED else None
    total = say("sites.now_before", sites=count(_number(now), "site"), before=f"{_number(found.detail.get('was')):,}")
    return join(said, gone, total)


def _status(found: Found) -> Said:
    steps = [_object(step) for step in _list(found.detail["steps"])]
    sites = _sites(found, "after")
    last = [str(each) for each in _list(found.detail.get("last_open"))]
    end = say("sites.last_open", countries=listed(last)) if last and not found.detail.get("with_trial") else None
    if len(sites) == 1:
        key = "sites.only_status" if found.detail.get("now") == 1 else "sites.one_status"
        return join(_one_status(key, steps[0], sites[0]), end)
    if all(step.get("before") is None for step in steps) and found.detail.get("all"):
        countries = _countries(found)
        where = say("sites.in_countries", countries=count(len(countries), "country")).sentence
        facts = {"sites": count(len(sites), "site"), "where": where if len(countries) > 1 else ""}
        return say("sites.all_status", statuses=_counted(steps, "after"), **facts)
    told = [_step(found, step) for step in steps[:_STEPS]]
    rest = sum(_number(step.get("count")) for step in steps[_STEPS:])
    return join(*told, say("sites.more_steps", sites=count(rest, "site")) if rest else None, end)


def _one_status(key: str, step: Object, site: Object) -> Said:
    if step.get("after") is None:
        return say("sites.gone", sites=count(1, "site"), verb=PHRASES["sites.states"], list=_place(site))
    before = say("sites.was", before=status_word(str(step["before"]))).sentence if step.get("before") else ""
    return say(key, place=_place(site), after=status_word(str(step["after"])), before=" " + before if before else "")


def _step(found: Found, step: Object) -> Said:
    """One kind of step, with its sites by town or country."""
    was, now = step.get("before"), step.get("after")
    pairs = [_object(each) for each in _list(found.detail["sites"])]
    sites = [
        _object(each["after"])
        for each in pairs
        if (_object(each["before"]).get("status"), _object(each["after"]).get("status")) == (was, now)
    ]
    number, one = count(len(sites), "site"), len(sites) == 1
    places = _place(sites[0]) if one else _named(sites, [_object(each) for each in _list(step["countries"])])
    if (was, now) == ("NOT_YET_RECRUITING", "RECRUITING"):
        return say("sites.started_one", place=places) if one else say("sites.started", sites=number, list=places)
    if (was, now) == ("NOT_YET_RECRUITING", "WITHDRAWN"):
        verb = PHRASES["sites.has_been" if one else "sites.have_been"]
        return say("sites.withdrawn", sites=number, verb=verb, list=places)
    if was is None or now is None:
        verb = PHRASES["sites.states" if one else "sites.state"]
        facts = {"sites": number, "verb": verb, "list": places}
        return say("sites.gone", **facts) if now is None else say("sites.given", **facts, after=status_word(str(now)))
    words = {"before": status_word(str(was)), "after": status_word(str(now))}
    return say("sites.changed", sites=number, list=places, **words)


def _contact(found: Found) -> Said:
    """Who to ask at a site; the sentence names the sites, the detail the people."""
    pairs = [_object(each) for each in _list(found.detail["sites"])]
    told: list[Said] = []
    for step, single, plural in (("changed", "has", "have"), ("given", "lists", "list"), ("gone", "lists", "list")):
        sites = [_object(each["after"]) for each in pairs if _contact_step(each) == step]
        if len(sites) == 1:
            told.append(say(f"sites.contact.one.{step}", place=_place(sites[0])))
        elif sites:
            where = say("sites.in_list", list=_named(sites, _counted_countries(sites))).sentence
            verb = PHRASES[f"sites.{single if len(sites) == 1 else plural}"]
            told.append(say(f"sites.contact.{step}", sites=count(len(sites), "site"), verb=verb, where=where))
    return join(*told)


def _contact_step(pair: Object) -> str:
    if not _object(pair["before"]).get("contacts"):
        return "given"
    return "changed" if _object(pair["after"]).get("contacts") else "gone"


def _respelled(found: Found) -> Said:
    old, new = _sites(found, "before"), _sites(found, "after")
    if len(new) == 1:
        before, after = _where_differs(old[0], new[0])
        return say("sites.respelled_one", before=before, after=after)
    renamed = bool(found.detail.get("renamed"))
    verb = PHRASES["sites.have" if renamed else "sites.are"]
    key = "sites.renamed" if renamed else "sites.respelled"
    countries = _countries(found)
    if len(countries) == 1:
        return say(f"{key}_in_one", sites=count(len(new), "site"), verb=verb, list=_country(countries[0]))
    return say(key, sites=count(len(new), "site"), verb=verb, list=_named(new, countries))


def _where_differs(old: Object, new: Object) -> tuple[str, str]:
    """The name of both where it differs, else the whole address."""
    if old.get("facility") != new.get("facility") and old.get("facility") and new.get("facility"):
        return cut(str(old["facility"]), 90), ", ".join(_words(new, ("facility", "city")))
    parts = ("facility", "city", "state", "zip", "country")
    return ", ".join(_words(old, parts)), ", ".join(_words(new, parts))


def _count(found: Found) -> Said:
    before, after = (count(_number(value), "site") for value in (found.before, found.after))
    if found.before is None:
        return say("sites.count.given", after=after)
    return say("sites.count.gone" if found.after is None else "sites.count", before=before, after=after)


def _named(sites: Sequence[Object], countries: Sequence[Object]) -> str:
    """Towns of a few sites, else countries with their counts."""
    return listed(_towns(sites)) if len(sites) <= _FEW else _by_country(countries)


def _towns(sites: Sequence[Object]) -> list[str]:
    return [cut(str(site.get("city") or site.get("facility") or PHRASES["sites.no_country"]), 60) for site in sites]


def _by_country(countries: Sequence[Object]) -> str:
    told = [f"{_country(each)} {_number(each.get('count')):,}" for each in countries]
    if len(told) <= _FOLDED:
        return ", ".join(told)
    more = count(len(told) - _FOLDED, "country")
    rest = say("sites.more_countries.count", count=more.split()[0], noun=more.split()[1]).sentence
    return say("sites.more_countries", list=", ".join(told[:_FOLDED]), more=rest).sentence


def _country(counted: Object) -> str:
    return cut(str(counted.get("country") or PHRASES["sites.no_country"]), 60)


def _counted_countries(sites: Sequence[Object]) -> list[Object]:
    numbers: dict[str, int] = {}
    for site in sites:
        name = str(site.get("country") or "")
        numbers[name] = numbers.get(name, 0) + 1
    return [{"country": name, "count": n} for name, n in sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0]))]


def _place(site: Object) -> str:
    return ", ".join(_words(site, ("facility", "city", "country"))) or PHRASES["sites.no_country"]


def _words(site: Object, names: Sequence[str]) -> list[str]:
    return [cut(str(site[name]), 90) for name in names if site.get(name)]


def _status_of(site: Object) -> str:
    return status_word(str(site["status"])) if site.get("status") else ""


def _sites(found: Found, side: str) -> list[Object]:
    return [_object(_object(each).get(side)) for each in _list(found.detail["sites"])]


def _countries(found: Found) -> list[Object]:
    return [_object(each) for each in _list(found.detail["countries"])]


def _object(value: Json) -> Object:
    return value if isinstance(value, Mapping) else {}


def _list(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list) else []


def _number(value: Json) -> int:
    return value if isinstance(value, int) else 0
