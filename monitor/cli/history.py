"""`history`: what changed, by day and by trial."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import click

from monitor.cli.context import Context, pass_context
from monitor.cli.coverage_line import coverage_line
from monitor.cli.days import Day, day_of, end_of, show_day, start_of
from monitor.cli.ending import complain
from monitor.cli.history_view import HistoryView, render_history
from monitor.cli.record_view import paragraph
from monitor.cli.stored import Trial, find_trial, not_watched
from monitor.cli.triage_view import triage_mark, with_triage
from monitor.errors import UsageError
from monitor.model.change import Category, Severity, StoredChange
from monitor.model.coverage import Coverage
from monitor.model.triage import Triage
from monitor.store import changes, passes, records, triage, versions
from monitor.store.engine import Tx

PASSES_READ = 1000  # the latest ones: enough for a note beside each day of half a year


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What of the history is asked for."""

    trial: str | None
    since: date | None
    until: date | None
    categories: Collection[Category]
    severity: Severity | None

    def covers(self, day: date) -> bool:
        return (self.since is None or day >= self.since) and (self.until is None or day <= self.until)

    @property
    def narrowed(self) -> bool:
        return bool(self.since or self.until or self.categories or self.severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`trial` None means that all were asked for. `firsts` are the days on which trials were first seen, by name.

    `triage` is what somebody did about changes, by id.
    """

    trial: Trial | None
    changes: Sequence[StoredChange]
    triage: Mapping[int, Triage]
    passes: Sequence[Coverage]
    firsts: Sequence[tuple[date, str]]

    @property
    def first_seen(self) -> date | None:
        return min((day for day, _ in self.firsts), default=None)


@click.command
@click.argument("trial", required=False)
@click.option("--since", type=Day(), help="From this day on.")
@click.option("--until", type=Day(), help="Up to this day, which is included.")
@click.option(
    "--category", "categories", multiple=True, type=click.Choice([each.value for each in Category]), help="Only these."
)
@click.option("--severity", type=click.Choice([each.value for each in Severity]), help="As grave as this, or graver.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--csv", "as_csv", is_flag=True, help="A table for spreadsheets.")
@click.option("--all", "unfolded", is_flag=True, help="Everything, nothing folded.")
@pass_context
def command(
    context: Context,
    *,
    trial: str | None,
    since: date | None,
    until: date | None,
    categories: tuple[str, ...],
    severity: str | None,
    as_json: bool,
    as_csv: bool,
    unfolded: bool,
) -> None:
    """Tell what changed, of one TRIAL or of all.

    TRIAL is an NCT number, the address of a study page, or a label. Days are those of the configured timezone, both
    ends included.
    """
    if as_json and as_csv:
        raise UsageError("--json and --csv exclude each other.")
    if since and until and since > until:
        raise UsageError(f"--since {since} is later than --until {until}.")
    asked = Asked(
        trial=trial,
        since=since,
        until=until,
        categories=[Category(each) for each in categories],
        severity=Severity(severity) if severity else None,
    )
    with context.open_app(writing=False) as app:
        zone, now = app.settings.timezone, app.clock()
        with app.store.read() as tx:
            found = _find(tx, asked, zone)
    if as_json or as_csv:
        _tell_programs(context, found, as_csv=as_csv)
    elif found.changes:
        context.view(
            render_history(_view(found, asked, zone, day_of(now, zone).year, unfolded=unfolded), context.screen)
        )
    else:
        context.say(paragraph(_nothing(found, asked), context.screen))
        if found.trial is None:
            latest = found.passes[0] if found.passes else None
            context.say(paragraph(coverage_line(latest, zone, day_of(now, zone).year), context.screen))


def _find(tx: Tx, asked: Asked, zone: ZoneInfo) -> Found:
    trial = find_trial(tx, asked.trial) if asked.trial else None
    found = changes.history(
        tx,
        record_ids=None if trial is None else [row.id for row in trial.records],
        since=start_of(asked.since, zone) if asked.since else None,
        until=end_of(asked.until, zone) if asked.until else None,
        categories=asked.categories,
        min_severity=asked.severity,
    )
    return Found(
        trial=trial,
        changes=found,
        triage=triage.read(tx, [stored.id for stored in found]),
        passes=passes.recent(tx, PASSES_READ),
        firsts=_firsts(tx, trial, zone),
    )


def _firsts(tx: Tx, trial: Trial | None, zone: ZoneInfo) -> list[tuple[date, str]]:
    """When each trial was first seen, the registry's record and the page of a trial counting as one."""
    rows = {row.id: row for row in (trial.records if trial else records.all_rows(tx))}
    first: dict[str, date] = {}
    for record_id, moment in versions.first_seen(tx).items():
        row = rows.get(record_id)
        if row is not None:
            first.setdefault(row.registry_id or str(row.key), day_of(moment, zone))
    return [(day, name) for name, day in first.items()]


def _tell_programs(context: Context, found: Found, *, as_csv: bool) -> None:
    if found.trial is not None and not found.trial.records and not found.trial.watches:
        complain(not_watched(found.trial.name))
    if as_csv:
        from monitor.cli.csv_out import history_csv

        context.document(history_csv(found.changes))
        return
    from monitor.cli.json_out import document

    context.document(document(with_triage(found.changes, found.triage)))


def _view(found: Found, asked: Asked, zone: ZoneInfo, year: int, *, unfolded: bool) -> HistoryView:
    by_day: dict[date, Coverage] = {}
    for coverage in found.passes:
        by_day.setdefault(day_of(coverage.started_at, zone), coverage)
    return HistoryView(
        changes=found.changes,
        zone=zone,
        year=year,
        latest=found.passes[0] if found.passes else None,
        passes=by_day,
        firsts=[] if asked.categories or asked.severity else [each for each in found.firsts if asked.covers(each[0])],
        unfolded=unfolded,
        marks={number: triage_mark(each) for number, each in found.triage.items()},
    )


def _nothing(found: Found, asked: Asked) -> str:
    """One sentence for an empty view."""
    trial = found.trial
    if trial is not None and not trial.records and not trial.watches:
        return not_watched(trial.name)
    where = f" in {trial.name}" if trial else ""
    if found.first_seen is None and trial is not None:
        return f"{trial.name} has not been seen yet. To look now: trial-monitor check"
    if asked.narrowed:
        return f"Nothing has changed{where}{_span(asked)}{_kind(asked)}."
    first = show_day(found.first_seen) if found.first_seen else None
    if trial is not None:
        return f"Nothing has changed{where} since it was first seen on {first}."
    return "Nothing has changed since we started watching." + (f" First seen {first}." if first else "")


def _span(asked: Asked) -> str:
    """between 18 Feb 2026 and 3 Mar 2026"""
    if asked.since and asked.until:
        return f" between {show_day(asked.since)} and {show_day(asked.until)}"
    if asked.since:
        return f" since {show_day(asked.since)}"
    return f" up to {show_day(asked.until)}" if asked.until else ""


def _kind(asked: Asked) -> str:
    words = [
        ", ".join(each.value for each in asked.categories),
        f"{asked.severity} or graver" if asked.severity else "",
    ]
    told = "; ".join(word for word in words if word)
    return f" (only {told})" if told else ""
