"""`show`: a whole record as it was seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

import click

from monitor import sources
from monitor.cli.context import Context, pass_context
from monitor.cli.days import Day, show_day, show_moment, show_utc
from monitor.cli.ending import complain
from monitor.cli.json_out import document, record_json
from monitor.cli.record_view import paragraph, render_record
from monitor.cli.stored import known_trial, numbered, pruned_words, read_version, version_at
from monitor.errors import UsageError
from monitor.model.record import SourceName, TrialRecord
from monitor.model.version import RecordRow, Version
from monitor.sources.references import history_url
from monitor.store.verify import pruned_parts
from monitor.text.dates import show_date

if TYPE_CHECKING:
    from monitor.store.engine import Tx


@click.command
@click.argument("trial")
@click.option("--version", "number", type=click.IntRange(min=1), metavar="N", help="This version.")
@click.option("--at", "day", type=Day(), help="As we had seen it by the end of this day.")
@click.option("--source", type=click.Choice(["ctgov", "ctv"]), help="Whose record (default: the registry's).")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--all", "unfolded", is_flag=True, help="Every site, nothing folded.")
@pass_context
def command(
    context: Context,
    *,
    trial: str,
    number: int | None,
    day: date | None,
    source: str | None,
    as_json: bool,
    unfolded: bool,
) -> None:
    """Show a whole record: as it is now, as a version, or as of a day."""
    if number is not None and day is not None:
        raise UsageError("--version and --at exclude each other.")
    with context.open_app(writing=False) as app:
        zone = app.settings.timezone
        with app.store.read() as tx:
            row = known_trial(tx, trial).record(cast("SourceName | None", source))
            version = _choose(tx, row, number, day, zone)
            record = read_version(tx, row, version) if version else None
            pruned = pruned_parts(tx, row.id).get(version.number, {}) if version else {}
    if version is None or record is None:
        _tell_absence(context, row, cast("date", day), as_json=as_json)
    elif as_json:
        context.document(document(_json(record, version, pruned)))
    else:
        note = f"{_note(row, version, zone)}{pruned_words(pruned)}"
        context.view(render_record(record, context.screen, note=note, unfolded=unfolded))


def _choose(tx: Tx, row: RecordRow, number: int | None, day: date | None, zone: ZoneInfo) -> Version | None:
    if day is not None:
        return version_at(tx, row, day, zone)
    return numbered(tx, row, number or row.latest or 1)


def _tell_absence(context: Context, row: RecordRow, day: date, *, as_json: bool) -> None:
    number = row.registry_id or (row.key.source_id if row.key.source == "ctgov" else None)
    where = f" What the registry said then: {history_url(number)}" if number else ""
    sentence = f"{row.key} was not watched then ({show_day(day)}).{where}"
    if as_json:
        complain(sentence)
        context.document(document(None))
    else:
        context.say(paragraph(sentence, context.screen))


def _json(record: TrialRecord, version: Version, pruned: Mapping[str, datetime]) -> dict[str, object]:
    """As `inspect --json`, and which version it is."""
    return {
        "version": version.number,
        "observed_at": show_utc(version.observed_at),
        "posted": version.posted,
        **record_json(record, sources.NORMALISER_VERSION),
        "carried": dict(version.carried),
        "pruned": {name: show_utc(moment) for name, moment in pruned.items()},
    }


def _note(row: RecordRow, version: Version, zone: ZoneInfo) -> str:
    """Version 2 of 3, posted 9 Feb 2026, seen 10 Feb 2026, 00:58 UTC."""
    parts = [f"Version {version.number} of {row.latest}"]
    if version.posted:
        parts.append(f"posted {show_date(version.posted)}")
    parts.append(f"seen {show_moment(version.observed_at, zone)}")
    carried = "".join(f" Its {name} are those of version {number}." for name, number in version.carried.items())
    return f"{', '.join(parts)}.{carried}"
