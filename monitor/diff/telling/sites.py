"""Sentences on sites: by country, the first five named, the rest counted."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.diff.found import Found
from monitor.diff.places import PLACE
from monitor.diff.telling.phrases import PHRASES
from monitor.diff.telling.say import Said, count, cut, join, listed, say
from monitor.diff.telling.spots import (
    FEW,
    FOLDED,
    Object,
    by_country,
    counted_countries,
    countries_of,
    country,
    many,
    named,
    number,
    place,
    sites_of,
    thing,
    towns,
    towns_abroad,
    within,
    within_all,
    words_of,
)
from monitor.text.words import status_word

_STEPS = 3  # kinds of steps told one by one
_PAIR = 2


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
    """Opened, if all of them are open to people; else added, with what they are."""
    sites = sites_of(found, "after")
    opened = found.detail.get("open") == len(sites)
    key = "sites.opened" if opened else "sites.added"
    statuses = None if opened else _statuses_of(found)
    if len(sites) == 1:
        said = say("sites.one_opened" if opened else "sites.one_added", place=place(sites[0]))
    else:
        said = _came_many(found, sites, key)
    return join(said, statuses, _first(found, len(sites)), _total(found))


def _came_many(found: Found, sites: Sequence[Object], key: str) -> Said:
    told, countries = count(len(sites), "site"), countries_of(found)
    if len(countries) == 1:
        where = within(country(countries[0]))
        if len(sites) > FEW:
            return say(key, sites=told, where=where)
        both = PHRASES["sites.both" if len(sites) == _PAIR else "sites.all"]
        spots = towns(sites)
        end = "_in_town" if len(spots) == 1 else "_in_one"
        where = where if len(spots) > 1 else country(countries[0])
        return say(key + end, sites=told, both=both, country=where, places=listed(spots))
    new = len(many(found.detail.get("new_countries")))
    where = "sites.where_new" if new and found.detail.get("was") else "sites.where"
    places = listed(towns_abroad(sites)) if len(sites) <= FEW else by_country(countries)
    listing = say(where, countries=count(len(countries), "country"), new=new, list=places)
    return say(key, sites=told, where=listing.sentence)


def _statuses_of(found: Found) -> Said | None:
    statuses = [thing(each) for each in many(found.detail.get("statuses"))]
    if any(each.get("status") is None for each in statuses):
        return None
    one = sum(number(each.get("count")) for each in statuses) == 1
    return say("sites.status_is" if one else "sites.statuses", statuses=_counted(statuses))


def _counted(statuses: Sequence[Object], key: str = "status") -> str:
    if len(statuses) == 1:
        return status_word(str(statuses[0].get(key)))
    return listed([f"{number(each.get('count')):,} {status_word(str(each.get(key)))}" for each in statuses])


def _first(found: Found, came: int) -> Said | None:
    if found.detail.get("was") == 0:
        return say("sites.first_one" if came == 1 else "sites.first")
    stayed = found.detail.get("removed") == found.detail.get("closed") == 0
    return say("sites.none_closed") if came > 1 and stayed else None


def _total(found: Found) -> Said | None:
    now, was = found.detail.get("now"), found.detail.get("was")
    told = isinstance(now, int) and was and not found.detail.get("removed")  # else the loss tells it
    return say("sites.now", sites=count(number(now), "site")) if told else None


def _went(found: Found) -> Said:
    sites, now, was = sites_of(found, "before"), number(found.detail.get("now")), number(found.detail.get("was"))
    if len(sites) == 1:
        said = say("sites.one_closed", place=place(sites[0]))
    else:
        said = say("sites.closed", sites=count(len(sites), "site"), list=named(sites, countries_of(found)))
    if not now:
        return join(said, say("sites.none_left"))
    left = many(found.detail.get("left_countries"))
    gone = say("sites.left", countries=within_all(left)) if any(left) and len(left) <= FOLDED else None
    key = "sites.now_before" if now != was else "sites.now_as_before"
    return join(said, gone, _last_open(found), say(key, sites=count(now, "site"), before=f"{was:,}"))


def _last_open(found: Found) -> Said | None:
    """The countries in which nobody can join any more, where the trial itself still takes people."""
    last = many(found.detail.get("last_open"))
    if not last or found.detail.get("with_trial"):
        return None
    if found.detail.get("last_open_sites") == 1:
        return say("sites.last_open_one", countries=within_all(last))
    return say("sites.last_open", countries=within_all(last))


def _status(found: Found) -> Said:
    steps = [thing(step) for step in many(found.detail["steps"])]
    sites = sites_of(found, "after")
    end = _last_open(found)
    if len(sites) == 1:
        key = "sites.only_status" if found.detail.get("now") == 1 else "sites.one_status"
        return join(_one_status(key, steps[0], sites[0]), end)
    whole = _whole_list(found, steps, sites)
    if whole:
        return join(whole, end)
    shown = steps if len(steps) <= _STEPS else steps[: _STEPS - 1]
    told = [_step(found, step, brief=len(steps) > 1) for step in shown]
    rest = sum(number(step.get("count")) for step in steps[len(shown) :])
    return join(*told, say("sites.more_steps", sites=count(rest, "other site")) if rest else None, end)


def _whole_list(found: Found, steps: Sequence[Object], sites: Sequence[Object]) -> Said | None:
    """All sites of the trial at once: they began or ceased to state a status."""
    if not found.detail.get("all"):
        return None
    countries = countries_of(found)
    where = say("sites.in_countries", countries=count(len(countries), "country")).sentence if len(countries) > 1 else ""
    key = "sites.every_both" if len(sites) == _PAIR else "sites.every"
    facts = {"sites": say(key, sites=count(len(sites), "site")).sentence, "where": where}
    if all(step.get("before") is None for step in steps):
        return say("sites.all_status", statuses=_counted(steps, "after"), **facts)
    return say("sites.all_status_gone", **facts) if all(step.get("after") is None for step in steps) else None


def _one_status(key: str, step: Object, site: Object) -> Said:
    if step.get("after") is None:
        return say("sites.gone_one", place=place(site))
    before = say("sites.was", before=status_word(str(step["before"]))).sentence if step.get("before") else ""
    return say(key, place=place(site), after=status_word(str(step["after"])), before=" " + before if before else "")


def _step(found: Found, step: Object, *, brief: bool) -> Said:
    """One kind of step, with its sites by town or country."""
    was, now = step.get("before"), step.get("after")
    pairs = [
        (thing(thing(each).get("before")), thing(thing(each).get("after"))) for each in many(found.detail["sites"])
    ]
    sites = [new for old, new in pairs if (old.get("status"), new.get("status")) == (was, now)]
    one = len(sites) == 1
    places = place(sites[0]) if one else named(sites, [thing(each) for each in many(step["countries"])], brief=brief)
    facts = {"sites": count(len(sites), "site"), "list": places}
    if (was, now) == ("NOT_YET_RECRUITING", "RECRUITING"):
        return say("sites.started_one" if one else "sites.started", **facts)
    if (was, now) == ("NOT_YET_RECRUITING", "WITHDRAWN"):
        return say("sites.withdrawn_one" if one else "sites.withdrawn", **facts)
    if was is None or now is None:
        key = "sites.gone" if now is None else "sites.given"
        return say(f"{key}_one" if one else key, **facts, place=places, after=status_word(str(now)))
    words = {"before": status_word(str(was)), "after": status_word(str(now))}
    return say("sites.changed_one" if one else "sites.changed", **facts, **words)


def _contact(found: Found) -> Said:
    """Who to ask at a site; the sentence names the sites, the detail the people."""
    pairs = [thing(each) for each in many(found.detail["sites"])]
    told: list[Said] = []
    for step in ("changed", "given", "gone"):
        sites = [thing(each["after"]) for each in pairs if _contact_step(each) == step]
        if len(sites) == 1:
            told.append(say(f"sites.contact.one.{step}", place=place(sites[0])))
        elif sites:
            where = named(sites, counted_countries(sites), brief=len(sites) < len(pairs))
            told.append(say(f"sites.contact.{step}", sites=count(len(sites), "site"), list=where))
    return join(*told)


def _contact_step(pair: Object) -> str:
    if not thing(pair["before"]).get("contacts"):
        return "given"
    return "changed" if thing(pair["after"]).get("contacts") else "gone"


def _respelled(found: Found) -> Said:
    old, new = sites_of(found, "before"), sites_of(found, "after")
    if len(new) == 1:
        return join(_one_respelled(found, old[0], new[0]), say("sites.neither"))
    shared = thing(found.detail.get("shared"))
    if shared:
        return join(_shared(shared, new), _none_moved(found))
    steps = [thing(step) for step in many(found.detail["steps"])]
    shown = steps if len(steps) <= _STEPS else steps[: _STEPS - 1]
    rest = sum(number(step.get("count")) for step in steps[len(shown) :])
    more = say("sites.more_spellings", sites=count(rest, "other site")) if rest else None
    return join(*(_respelled_step(step, new) for step in shown), more, _none_moved(found))


def _none_moved(found: Found) -> Said:
    return say("sites.none_of_these_moved" if found.detail.get("others_moved") else "sites.none_moved")


def _shared(shared: Object, sites: Sequence[Object]) -> Said:
    """The same word of the address changed in all: a country that was renamed."""
    facts = {"sites": count(len(sites), "site"), "what": PHRASES[f"sites.what.{shared['field']}"]}
    before, after = cut(str(shared.get("before") or "")), cut(str(shared.get("after") or ""))
    return say(f"sites.shared.{_given(before, after)}", **facts, before=before, after=after)


def _given(before: str, after: str) -> str:
    if not before:
        return "given"
    return "changed" if after else "gone"


def _respelled_step(step: Object, new: Sequence[Object]) -> Said:
    """The sites of one step, by their countries; by their towns if all of them took the same step."""
    countries = [thing(each) for each in many(step["countries"])]
    number_of = number(step.get("count"))
    if number_of == len(new) and number_of <= FEW:
        where = listed(towns(new))
    else:
        where = country(countries[0]) if len(countries) == 1 else by_country(countries, FEW)
    key = f"sites.respelled.{step['step']}" + (".one" if number_of == 1 else "")
    return say(key, sites=count(number_of, "site"), list=where)


def _one_respelled(found: Found, old: Object, new: Object) -> Said:
    step = str(thing(many(found.detail["steps"])[0]).get("step"))
    if step != "address":
        names = [cut(str(side.get("facility") or PHRASES["unnamed"]), 90) for side in (old, new)]
        city = "".join(f", {town}" for town in words_of(new, ("city",)))
        return say(f"sites.one_{step}", before=names[0], after=names[1], city=city)
    parts = [name for name in PLACE if old.get(name) != new.get(name)]
    before, after = ", ".join(words_of(old, parts)), ", ".join(words_of(new, parts))
    where = ", ".join(words_of(old, [name for name in ("facility", "city") if name not in parts]))
    return say(f"sites.one_address.{_given(before, after)}", place=where, before=before, after=after)


def _count(found: Found) -> Said:
    before, after = (count(number(value), "site") for value in (found.before, found.after))
    if found.before is None:
        return say("sites.count.given", after=after)
    return say("sites.count.gone" if found.after is None else "sites.count", before=before, after=after)
