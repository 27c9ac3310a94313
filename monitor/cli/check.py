"""`check`: one pass over the watched trials, then deliver."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence

import click

from monitor.app import App, check_once, deliver_once, verify_once
from monitor.cli.check_view import CheckReport, render_check
from monitor.cli.context import Context, pass_context
from monitor.cli.ending import FAILED, complain
from monitor.cli.json_out import check_json, document
from monitor.cli.progress import progress
from monitor.model.alert import AlertState
from monitor.model.coverage import Outcome
from monitor.pipeline.check import PassReport
from monitor.pipeline.deliver import Delivered
from monitor.pipeline.verifying import Verified
from monitor.store import alerts

CHANGES_FOUND = 10
WAITING = (AlertState.PENDING, AlertState.RETRY, AlertState.CLAIMED, AlertState.HELD)
UNVERIFIED = (Outcome.SUSPECT, Outcome.REFUSED, Outcome.THROTTLED, Outcome.FAILED)


@click.command
@click.argument("named", metavar="[WATCH]...", nargs=-1)
@click.option("--due", is_flag=True, help="Only what is due by its own interval.")
@click.option("--dry-run", "dry", is_flag=True, help="Read and compare; store nothing, send nothing.")
@click.option("--exit-code", is_flag=True, help=f"Exit with {CHANGES_FOUND} if something changed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@pass_context
@click.pass_context
def command(
    ctx: click.Context,
    context: Context,
    named: tuple[str, ...],
    *,
    due: bool,
    dry: bool,
    exit_code: bool,
    as_json: bool,
) -> None:
    """Make one pass over all active watches (or those named), then send what there is to tell."""
    with context.open_locked() as (app, holder):
        with progress(quiet=as_json) as said:
            report = asyncio.run(check_once(app, names=named, sync=True, due_only=due, rehearse=dry, said=said))
        delivered = Delivered() if dry else asyncio.run(deliver_once(app, holder.id))
        verified = Verified() if dry else asyncio.run(verify_once(app))
        counts = alert_counts(app, report, delivered)
        _say(context, app, report, counts, dry=dry, as_json=as_json)
    for watch in report.paused:
        name, then = watch.label or watch.reference.text, "would be" if dry else "is"
        complain(f"{name} is no longer in the configuration; its watch {then} paused.")
    for destination, problem in delivered.problems:
        complain(f"{destination}: {problem}")
    if delivered.held:
        complain(delivered.held)
    for each in verified.disagreements:
        complain(f"What is stored does not agree with itself: {each.about}: {each.what}")
    code = FAILED if delivered.held or verified.disagreements else exit_code_of(report, counts)
    ctx.exit(CHANGES_FOUND if exit_code and report.changes and not code else code)


def _say(
    context: Context, app: App, report: PassReport, counts: Mapping[str, int], *, dry: bool, as_json: bool
) -> None:
    if as_json:
        context.document(document(check_json(report.coverage, report.changes, counts)))
        return
    told = CheckReport(
        coverage=report.coverage, changes=report.changes, alerts=counts, zone=app.settings.timezone, dry=dry
    )
    context.say(render_check(told, context.screen))


def alert_counts(app: App, report: PassReport, delivered: Delivered) -> dict[str, int]:
    """planned and sent in this run; pending and dead in the whole outbox."""
    with app.store.read() as tx:
        states = Counter(alerts.counts(tx))
    return {
        "planned": report.planned,
        "sent": delivered.sent,
        "pending": sum(states[state] for state in WAITING),
        "dead": states[AlertState.DEAD],
    }


def exit_code_of(report: PassReport, counts: Mapping[str, int]) -> int:
    """1 if a trial was not verified in this run, or an alert is dead; waiting retries and a confirmed `gone` are 0."""
    unverified: Sequence[Outcome] = [outcome for outcome in UNVERIFIED if report.coverage.outcomes.get(outcome)]
    return FAILED if unverified or report.unconfirmed or counts["dead"] else 0
