"""The sweep of hostile strings: through the product into seven outputs, each judged by a decoder of its own."""

from __future__ import annotations

import io
import json
import logging
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from functools import lru_cache
from pathlib import Path
from typing import Final

import orjson

from monitor.cli import logs
from monitor.cli.csv_out import COLUMNS, history_csv
from monitor.cli.diff_view import Comparison, render_diff
from monitor.cli.history_view import HistoryView, render_history
from monitor.cli.json_out import Side, document, history_json
from monitor.cli.record_view import render_record
from monitor.cli.terminal import Screen
from monitor.deliver.render import email, slack
from monitor.deliver.render.email import EmailContent
from monitor.deliver.render.subject import subject
from monitor.errors import NotARecord
from monitor.model.change import Change, Severity, change_json
from tests.deliver.told import EVERY, change, message, of_changes
from tests.fuzz.bases import documents
from tests.hostile.decoders import (
    Page,
    bare,
    csv_faults,
    html_faults,
    log_faults,
    slack_faults,
    slack_formats,
    terminal_faults,
)
from tests.hostile.grammar import hostile
from tests.hostile.mails import bodies, header_faults, written
from tests.hostile.placed import EACH, UTC_ZONE, Told, through_a_document
from tests.hostile.placed import bare as told_bare
from tests.hostile.twins import twin
from tests.sweep.sweep import Outcome, Sweep

BATCHES: Final = 25  # of a seed
SCREENS: Final = (Screen(width=80, color=True), Screen(width=140), Screen(width=30), Screen(width=80, encoding="ascii"))
_WEIGHT: Final = re.compile(r"_\((?:critical|major): [^_\n]*\)_")
_SURROGATES: Final = dict.fromkeys(range(55296, 57344))


def run(seed: int, folder: Path) -> Outcome:
    """Batches of strings; the same again from the same seed."""
    del folder
    return run_batches(seed, BATCHES)


def run_batches(seed: int, batches: int) -> Outcome:
    """The first batches of a seed."""
    chance, counts = random.Random(f"hostile {seed}"), Counter[str]()
    faults: list[str] = []
    shapes: list[str] = []
    with _log() as log:
        for n in range(batches):
            strings = _strings(chance, f"{seed}x{n}")
            shapes += strings
            told = _told(strings, chance, document_first=n % 2 == 0)
            found = _faults(told, counts, log, chance)
            faults += [f"{fault} [batch {n}: {told.strings!r}]"[:900] for fault in found]
    return Outcome(counts=counts, faults=faults, shapes=shapes)


@lru_cache(maxsize=1)
def _small() -> Sequence[bytes]:
    """The smallest documents: what is told of them is what was put in."""
    return sorted((content for _, content in documents()), key=len)[:100]


@lru_cache(maxsize=1)
def _known() -> frozenset[object]:
    """The tags of mails of all kinds about real trials, and of changes of every weight."""
    weights = [change("other", "other.x", "x", "y", each.value, "It says y now.") for each in Severity]
    mails = [*EVERY, *(message(of_changes(*weights[n:], *weights[:n])) for n in range(len(weights)))]
    return frozenset(tag for each in mails for tag in Page(email.compose(each).html).tags)


def _strings(chance: random.Random, place: str) -> list[str]:
    """Each ends in a word of its own, by which it is found again in an output."""
    return [f"{hostile(chance)[1]} Zq{place}x{n}" for n in range(EACH)]


def _told(strings: list[str], chance: random.Random, *, document_first: bool) -> Told:
    if document_first:
        clean = [text.translate(_SURROGATES) for text in strings]  # JSON that is UTF-8 has none
        try:
            return through_a_document(orjson.loads(chance.choice(_small())), clean, chance)
        except NotARecord:
            pass
    return told_bare(strings, chance)


def _faults(told: Told, counts: Counter[str], log: io.StringIO, chance: random.Random) -> Iterator[str]:
    counts["strings"] += len(told.strings)
    yield from _subjects(told, counts)
    yield from _mail(told, counts)
    yield from _slack(told, counts)
    yield from _csv(told, counts)
    yield from _lines(told, counts, log)
    yield from _terminal(told, counts, chance)
    yield from _json(told, counts)


def _reached(told: Told, output: str, counts: Counter[str], name: str) -> None:
    """Count the strings that an output shows: a word of each one stands in it."""
    counts[name] += sum(text.rpartition(" ")[2] in output for text in told.strings)


def _subjects(told: Told, counts: Counter[str]) -> Iterator[str]:
    """A mail for each string, which names the trial."""
    for text in told.strings:
        letter = message(of_changes(*(each.change for each in told.stored[:1]), title=text, label=text[:30]))
        mail = written(letter, EmailContent(subject=subject(letter), text="x", html=""))
        counts["subject"] += 1
        yield from header_faults(mail, subject(letter), parts=1)


def _mail(told: Told, counts: Counter[str]) -> Iterator[str]:
    content = email.compose(told.message)
    mail = written(told.message, content)
    yield from header_faults(mail, content.subject, parts=2)
    text, html = bodies(mail)
    _reached(told, text, counts, "mail text")
    _reached(told, " ".join(Page(html).text), counts, "mail HTML")
    seen = bare(text)
    for stored in told.stored:
        for value in (stored.change.before, stored.change.after):
            if isinstance(value, str) and stored.change.path != "status.overall" and bare(value) not in seen:
                yield f"MAIL TEXT: {value[:80]!r} is not there literally"
    yield from html_faults(
        html, email.compose(twin(told.message)).html + "\n", known=_known(), same=told.records is None
    )


def _slack(told: Told, counts: Counter[str]) -> Iterator[str]:
    """All of a batch at once, and string by string, since a message has little room."""
    contents = [slack.compose(told.message)]
    pairs = [(contents[0], slack.compose(twin(told.message)))]
    for stored in told.stored:
        letter = message(of_changes(stored.change))
        pairs.append((slack.compose(letter), slack.compose(twin(letter))))
    for made, harmless in pairs:
        yield from slack_faults(made.title, made.body)
        whole = "…" not in made.body + harmless.body
        if whole and slack_formats(_unweighed(made.body)) != slack_formats(_unweighed(harmless.body)):
            yield f"SLACK: formats {slack_formats(made.body)} where words have {slack_formats(harmless.body)}"
    _reached(told, "\n".join(made.title + made.body for made, _ in pairs), counts, "slack")


def _unweighed(body: str) -> str:
    """Without what we say of why a change is grave, in italics: the shortest form of a change leaves that out."""
    return _WEIGHT.sub("", body)


def _csv(told: Told, counts: Counter[str]) -> Iterator[str]:
    stored = [each for each in told.stored if _is_text(each.change)]
    content = history_csv(stored)
    yield from csv_faults(content, len(stored), len(COLUMNS))
    _reached(told, content.decode("utf-8"), counts, "csv")


def _is_text(change: Change) -> bool:
    """Half a surrogate pair is no text that a store could hold."""
    try:
        orjson.dumps(change_json(change))
    except orjson.JSONEncodeError:
        return False
    return True


def _lines(told: Told, counts: Counter[str], log: io.StringIO) -> Iterator[str]:
    logger = logging.getLogger("monitor.hostile")
    for style in ("plain", "json"):
        logs.set_up("json" if style == "json" else None, verbose=False)
        for text in told.strings:
            log.seek(0)
            log.truncate()
            logger.warning("read %s", text, extra={"record": text, "reason": [text]})
            yield from log_faults(log.getvalue())
            if style == "json" and json.loads(log.getvalue())["level"] != "warning":
                yield "LOG: forged level"
            counts["log"] += style == "json"


def _terminal(told: Told, counts: Counter[str], chance: random.Random) -> Iterator[str]:
    view = HistoryView(changes=told.stored, zone=UTC_ZONE, year=2026, firsts=[], unfolded=True)
    shown = []
    for screen in chance.sample(SCREENS, 2):
        shown.append(render_history(view, screen))
        if told.records and not shown[1:]:
            before, after = told.records
            sides = [Side(content_hash="", posted=None, file=text) for text in told.strings[:2]]
            changes = [stored.change for stored in told.stored]
            shown.append(render_record(after, screen, note=told.strings[0], unfolded=True))
            comparison = Comparison(
                before=before, after=after, old=sides[0], new=sides[1], changes=changes, unfolded=True
            )
            shown.append(render_diff(comparison, screen))
    for text in shown:
        yield from terminal_faults(text)
    _reached(told, "".join("\n".join(shown).split()), counts, "terminal")


def _json(told: Told, counts: Counter[str]) -> Iterator[str]:
    """The document for programs says every value exactly, in characters that harm no terminal."""
    stored = [each for each in told.stored if _is_text(each.change)]
    content = document(history_json(stored))
    yield from (f"JSON: {fault}" for fault in terminal_faults(content.decode("utf-8")))
    for each, read in zip(stored, json.loads(content), strict=True):
        if any(read[key] != value for key, value in json.loads(orjson.dumps(change_json(each.change))).items()):
            yield f"JSON: another value under {each.change.path[:60]}"
    _reached(told, content.decode("utf-8"), counts, "json")


@contextmanager
def _log() -> Iterator[io.StringIO]:
    """The program's own log of this process, into memory; afterwards all is as it was."""
    root, sink = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    try:
        with redirect_stderr(sink):
            yield sink
    finally:
        root.handlers[:], root.level = handlers, level
        logging.captureWarnings(capture=False)


SWEEP: Final = Sweep(
    name="hostile",
    what="Hostile strings through the product into seven outputs and JSON, judged by independent decoders.",
    seeds=600,  # a ninth of the strings is left out of what an HTML mail folds
    goal=dict.fromkeys(
        ("strings", "subject", "mail text", "mail HTML", "slack", "csv", "log", "terminal", "json"), 100_000
    ),
    run=run,
)
