"""`rules`: try the rules of the configuration on what was seen already."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import click

from monitor.app import App
from monitor.cli.context import Context, pass_context
from monitor.cli.days import Day, day_of, end_of, start_of
from monitor.cli.json_out import document
from monitor.cli.rules_json import rehearsed_json, tested_json
from monitor.cli.rules_view import Rehearsed, Written, rehearsal_view, tested_view
from monitor.deliver.render.plain import compose
from monitor.errors import MonitorError, UsageError
from monitor.pipeline.rehearsal import Told, lay_before_rules, rehearse_all, updates, write
from monitor.store.engine import Tx

LARGEST = 2**63 - 1  # what a store can number


@click.group
def command() -> None:
    """Try the rules on what was seen already. Nothing is stored or sent."""


@command.command("test")
@click.argument("change_id", type=click.IntRange(1, LARGEST), required=False)
@click.option("--since", type=Day(), help="Rehearse what was seen from this day on.")
@click.option("--until", type=Day(), help="Up to this day, which is included.")
@click.option("--messages", is_flag=True, help="Also the messages themselves, as plain text.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@pass_context
def test_rules(
    context: Context,
    *,
    change_id: int | None,
    since: date | None,
    until: date | None,
    messages: bool,
    as_json: bool,
) -> None:
    """Lay one change before every rule, or rehearse them all over the history.

    CHANGE_ID is the `id` of a change in history --json: whom each rule tells of it and when, or why it does not.
    With --since instead: what the rules, tags and destinations of now would have sent, by destination and week.
    """
    if (change_id is None) == (since is None):
        raise UsageError("Name a change (its id in history --json), or say --since for a rehearsal: one of the two.")
    if change_id is not None and (until or messages):
        raise UsageError("--until and --messages go with --since.")
    if since and until and since > until:
        raise UsageError(f"--since {since} is later than --until {until}.")
    with context.open_app(writing=False) as app, app.store.read() as tx:
        if change_id is not None:
            _test_one(context, app, tx, change_id, as_json=as_json)
        elif since is not None:
            _rehearse(context, app, tx, (since, until), as_json=as_json, messages=messages)


def _test_one(context: Context, app: App, tx: Tx, number: int, *, as_json: bool) -> None:
    tested = lay_before_rules(tx, app.ways.desk, number)
    if tested is None:
        raise MonitorError(f"There is no change {number}. To see their ids: trial-monitor history --json")
    if as_json:
        context.document(document(tested_json(tested)))
    else:
        context.view(tested_view(tested, context.screen, app.settings.timezone))


def _rehearse(
    context: Context, app: App, tx: Tx, days: tuple[date, date | None], *, as_json: bool, messages: bool
) -> None:
    desk, zone = app.ways.desk, app.settings.timezone
    since, until = days
    several = list(updates(tx, desk, start_of(since, zone), end_of(until, zone) if until else None))
    told = list(rehearse_all(tx, desk, several))
    rehearsed = Rehearsed(
        since=since,
        until=until,
        changes=sum(len(update.changes) for update in several),
        updates=len(several),
        told=told,
        zone=zone,
        letters=_letters(app, tx, told) if messages else None,
    )
    if as_json:
        context.document(document(rehearsed_json(rehearsed)))
    else:
        context.view(rehearsal_view(rehearsed, context.screen, day_of(app.clock(), zone).year))


def _letters(app: App, tx: Tx, told: Sequence[Told]) -> list[Written]:
    zone_of, desk = app.post().timezone, app.ways.desk
    made = ((each, write(tx, desk, each, zone_of(each.pick.recipient))) for each in told)
    return [Written(told=each, code=message.code, content=compose(message)) for each, message in made]
