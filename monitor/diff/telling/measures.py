"""Sentences on outcomes, arms and treatments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from monitor.diff.found import Found
from monitor.diff.telling.fields import tell_list
from monitor.diff.telling.phrases import PHRASES
from monitor.diff.telling.say import Said, count, cut, join, listed, quote, say
from monitor.diff.telling.wording import tell_text
from monitor.model.change import Kind
from monitor.model.json import Json
from monitor.text.words import plain_word

_TIME = 50  # characters of a time frame that is told by what changed in it
_SUBJECT = 70  # of them, where a sentence goes on about it
_NAME = 90  # characters of a measure or label inside a sentence


def tell_outcome(found: Found) -> Said:
    """Which outcome, what became of it, and whether the trial was over by then."""
    step = found.detail.get("step")
    if step in ("added", "removed"):
        return join(_single(found, str(step)), _late(found))
    if step in ("promoted", "demoted"):
        return join(_moved(found, str(step)), _late(found))
    return _edited(found)


def _single(found: Found, step: str) -> Said:
    told = _object(found.after if step == "added" else found.before)
    time = str(told.get("time_frame") or "")
    return say(
        f"outcome.{step}",
        rank=_rank(found.detail["rank"]),
        measure=quote(str(told.get("measure") or PHRASES["unnamed"]), _NAME),
        time=say("outcome.time", time=cut(time, 60)).sentence if time else "",
    )


def _moved(found: Found, step: str) -> Said:
    measure = quote(str(_object(found.after).get("measure")), _NAME)
    ranks = {"rank": _rank(found.detail["rank"]), "before": _rank(found.detail["from_rank"])}
    return say(f"outcome.{step}", measure=measure, **ranks)


def _late(found: Found) -> Said | None:
    """A primary outcome that changes after its data are in is worth a word."""
    late = found.detail.get("when") == "after_primary_completion" and found.event.startswith("outcomes.primary")
    return say("outcome.late") if late else None


def _edited(found: Found) -> Said:
    touched = [_object(each) for each in _list(found.detail["outcomes"])]
    many = len(touched) > 1
    subject = _subject(found, touched)
    before, after = _text(touched[0].get("before")), _text(touched[0].get("after"))
    field = found.detail["field"]
    respelled = found.event.endswith(".respelled")
    if field == "time_frame" and not respelled:
        return _time_frame(subject, touched, many=many)
    if field == "description" and not (before and after):
        return _description(subject, before, after, many=many)
    if field == "measure" and not many and before and after and quote(before, _NAME) != quote(after, _NAME):
        facts = {"before": quote(before, _NAME), "after": quote(after, _NAME)}
        key = "outcome.measure.respelled" if respelled else "outcome.measure"
        return join(say(key, rank=_rank(found.detail["rank"]), **facts), _late(found))
    return tell_text(subject, before, after, many=many, respelled=respelled)


def _description(subject: str, before: str | None, after: str | None, *, many: bool) -> Said:
    """A description that was put in or taken out whole."""
    key = ("outcome.described" if after else "outcome.undescribed") + (".many" if many else "")
    return say(key, subject=subject, text=quote(after or before or "", _SUBJECT))


def _subject(found: Found, touched: Sequence[Mapping[str, Json]]) -> str:
    if len(touched) == 1:
        measure = quote(str(touched[0].get("measure")), _SUBJECT)
        return say("outcome.subject", rank=_rank(touched[0].get("rank")), measure=measure).sentence
    of = found.detail["of"]
    key = "outcome.subject.all" if of == len(touched) else "outcome.subject.many"
    return say(key, count=len(touched), of=str(of)).sentence


def _time_frame(subject: str, touched: Sequence[Mapping[str, Json]], *, many: bool) -> Said:
    before, after = _text(touched[0].get("before")), _text(touched[0].get("after"))
    end = "" if before and after else (".given" if after else ".gone")
    alike = len({(str(each.get("before")), str(each.get("after"))) for each in touched}) == 1
    if many and not end:
        edit = _shared_edit(before or "", after or "") if not alike else (quote(before or ""), quote(after or ""))
        if edit is None:
            return say("outcome.time_frame.many.plain", subject=subject)
        return say("outcome.time_frame.many", subject=subject, before=edit[0], after=edit[1])
    if not end and not many and min(len(before or ""), len(after or "")) > _TIME:
        told = tell_text(say("outcome.time_frame.subject", subject=subject).sentence, before, after)
        if told.strong and quote(after or "") not in told.sentence and not told.sentence.endswith("rewritten."):
            return told
    middle = ".many" if many else ""
    facts = {"before": quote(before or ""), "after": quote(after or "")}
    return say(f"outcome.time_frame{middle}{end}", subject=subject, **facts)


def _shared_edit(before: str, after: str) -> tuple[str, str] | None:
    """The words that changed alike in several time frames, with the word that follows: "59 months", "58 months"."""
    old, new = before.split(), after.split()
    spots = [n for n, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]]
    if len(old) != len(new) or len(spots) != 1:
        return None
    spot = spots[0]
    return tuple(quote(" ".join(words[spot : spot + 2]).strip("().,;")) for words in (old, new))  # type: ignore[return-value]  # two of two


def tell_arms(found: Found) -> Said:
    """Arms and treatments by their label."""
    what, _, event = found.event.partition(".")
    respelled = event.endswith(".respelled")
    event = event.removesuffix(".respelled")
    label = quote(str(found.detail.get("label") or PHRASES["unnamed"]), _NAME)
    match event:
        case "added" | "removed":
            return _came_or_went(found, what, event, label)
        case "renamed":
            return _renamed(found, what, respelled=respelled)
        case "interventions":
            return _given(found, label)
        case "other_names":
            return tell_list(say("interventions.other_names", label=label).sentence, found)
        case "type":
            return _type(found, what, label)
        case _:
            return _described(found, what, label, respelled=respelled)


def _came_or_went(found: Found, what: str, event: str, label: str) -> Said:
    kind = PHRASES.get(f"arms.{found.detail.get('type')}") if what == "arms" else None
    key = "arms.type_after" if event == "added" else "arms.type_was"
    words = PHRASES[key].format(type=kind) if kind else ""
    return say(f"{what}.{event}", label=label, type=words)


def _renamed(found: Found, what: str, *, respelled: bool) -> Said:
    """Both names; names that differ only behind where they would be cut are told by what changed in them."""
    before, after = quote(str(found.before), _NAME), quote(str(found.after), _NAME)
    if before == after:
        subject = say(f"{what}.name", label=before).sentence
        return tell_text(subject, str(found.before), str(found.after), respelled=respelled)
    return say(f"{what}.respelled" if respelled else f"{what}.renamed", before=before, after=after)


def _given(found: Found, label: str) -> Said:
    before, after = listed([str(e) for e in _list(found.before)]), listed([str(e) for e in _list(found.after)])
    key = "both" if before and after else ("more" if after else "less")
    return say(f"arms.interventions.{key}", label=label, before=before, after=after)


def _type(found: Found, what: str, label: str) -> Said:
    before, after = (_kind(value) for value in (found.before, found.after))
    end = {Kind.ADDED: ".given", Kind.REMOVED: ".gone"}.get(found.kind, "")
    return say(f"{what}.type{end}", label=label, before=before, after=after)


def _kind(value: Json) -> str:
    if isinstance(value, list):
        return listed([_kind(each) for each in value])
    return PHRASES.get(f"arms.{value}") or plain_word(str(value or "")).lower()


def _described(found: Found, what: str, label: str, *, respelled: bool) -> Said:
    items = [_object(each) for each in _list(found.detail.get("items"))]
    before, after = _text(items[0].get("before")), _text(items[0].get("after"))
    if len(items) == 1:
        return tell_text(say(f"{what}.subject", label=label).sentence, before, after, respelled=respelled)
    number = count(len(items), "arm") if what == "arms" else str(len(items))
    return tell_text(say(f"{what}.subject.many", count=number).sentence, before, after, many=True, respelled=respelled)


def _rank(rank: Json) -> str:
    return PHRASES[f"outcome.{rank}"] if f"outcome.{rank}" in PHRASES else PHRASES["outcome.other"]


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list) else []


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None
