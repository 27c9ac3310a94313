"""`alerts`: the outbox, its attempts, and what to do with what could not be delivered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from monitor.app import App
from monitor.cli.context import Context, pass_context
from monitor.cli.days import day_of
from monitor.cli.default_group import ListsByDefault
from monitor.cli.json_out import alerts_json, document
from monitor.cli.list_views import alert_table, alert_view
from monitor.cli.words import count, listed
from monitor.errors import MonitorError, UsageError
from monitor.model.alert import Alert, AlertState
from monitor.store import alerts, changes
from monitor.store.engine import Tx

if TYPE_CHECKING:
    from monitor.cli.rendered import Form

_DONE = (AlertState.SENT, AlertState.DROPPED, AlertState.MUTED)
UNDONE = tuple(state for state in AlertState if state not in _DONE)
NONE_WAITING = "No alert waits to be sent, and none was given up."


@click.group(cls=ListsByDefault)
def command() -> None:
    """Look at what was sent and what waits."""


@command.command("list")
@click.option("--all", "everything", is_flag=True, help="Also those sent and dropped.")
@click.option("--state", "states", multiple=True, type=click.Choice([each.value for each in AlertState]))
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@pass_context
def list_them(context: Context, *, everything: bool, states: tuple[str, ...], as_json: bool) -> None:
    """Alerts that wait, or were given up; newest first."""
    wanted = [AlertState(each) for each in states] or (None if everything else UNDONE)
    with context.open_app(writing=False) as app:
        zone, now = app.settings.timezone, app.clock()
        with app.store.read() as tx:
            found = alerts.list_alerts(tx, wanted)
            orphans = [to for to in alerts.waiting(tx) if not app.settings.reaches(to)]
    if as_json:
        context.document(document(alerts_json(found)))
    elif found:
        context.view(alert_table(found, context.screen, zone, day_of(now, zone).year))
    else:
        context.say(NONE_WAITING if wanted == UNDONE else "There is no such alert.")
    if orphans and not as_json:
        names = listed(to.address or to.destination for to in orphans)
        context.tell(f"The configuration no longer names {names}: put it back, or drop what waits for it.")


@command.command
@click.argument("alert_id", metavar="ID")
@click.option(
    "--as", "form", type=click.Choice(["email", "slack", "text"]), help="The message itself, which is not sent."
)
@click.option("--html", "with_html", is_flag=True, help="With --as email: the HTML part too.")
@pass_context
def show(context: Context, alert_id: str, form: Form | None, *, with_html: bool) -> None:
    """One alert, what it says, and every try to send it. ID is the name in the message, such as 7K2M-0412.

    For the name of a digest all alerts that it told; with --as the one message that told them.
    """
    if with_html and form != "email":
        raise UsageError("--html goes with --as email.")
    with context.open_app(writing=False) as app:
        if form:
            context.view(_as_sent(app, alert_id, form, with_html=with_html))
            return
        zone = app.settings.timezone
        with app.store.read() as tx:
            for alert in _named(tx, alert_id):
                told, attempts = _sentences(tx, alert), alerts.list_attempts(tx, alert.id)
                context.view(alert_view(alert, told, attempts, context.screen, zone))


@command.command
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--dead", is_flag=True, help="All that were given up.")
@pass_context
def retry(context: Context, ids: tuple[str, ...], *, dead: bool) -> None:
    """Send alerts again at the next delivery, whatever became of them."""
    with context.open_app(writing=True) as app, app.store.write() as tx:
        chosen = _chosen(tx, ids, dead=dead)
        done = alerts.retry(tx, [alert.id for alert in chosen], app.clock())
    _report(context, chosen, done, "will be sent at the next delivery (trial-monitor deliver)", "was sent already")


@command.command
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--dead", is_flag=True, help="All that were given up.")
@pass_context
def drop(context: Context, ids: tuple[str, ...], *, dead: bool) -> None:
    """Never send these alerts. They stay in the log."""
    with context.open_app(writing=True) as app, app.store.write() as tx:
        chosen = _chosen(tx, ids, dead=dead)
        done = alerts.drop(tx, [alert.id for alert in chosen])
    _report(context, chosen, done, "will not be sent", "was sent already, or is being sent now")


def _as_sent(app: App, alert_id: str, form: Form, *, with_html: bool) -> str:
    """The message as its recipient gets it; the alert of a digest for itself."""
    from monitor.cli.rendered import render
    from monitor.deliver.masking import masked
    from monitor.pipeline.letters import Beside
    from monitor.pipeline.named import read_named
    from monitor.pipeline.turn import message_of

    with app.store.read() as tx:
        told = _named(tx, alert_id)
        stored = changes.history(tx, ids=[number for alert in told for number in alert.change_ids])
        if alerts.get(tx, alert_id):
            told = tuple(replace(alert, digest=None) for alert in told)
        named = read_named(tx, told)
    post, settings = app.post(), app.settings
    recipient, now = told[0].recipient, told[0].sent_at or app.clock()
    message = message_of(told, stored, post.timezone(recipient), now, Beside(named=named))
    message = masked(message) if post.holds_back(recipient) else message
    return render(message, form, recipient, settings, now=now, with_html=with_html)


def _named(tx: Tx, alert_id: str) -> tuple[Alert, ...]:
    """The alert of this name, or those that a digest of this name tells."""
    alert = alerts.get(tx, alert_id)
    found = (alert,) if alert else alerts.of_digest(tx, alert_id)
    if not found:
        raise MonitorError(f"There is no alert {alert_id}. To see those that wait: trial-monitor alerts")
    return found


def _chosen(tx: Tx, ids: Sequence[str], *, dead: bool) -> tuple[Alert, ...]:
    if bool(ids) is dead:
        raise UsageError("Name alerts by their ID, or say --dead for all that were given up.")
    if dead:
        return alerts.list_alerts(tx, [AlertState.DEAD])
    return tuple({alert.id: alert for each in ids for alert in _named(tx, each)}.values())


def _report(context: Context, chosen: Sequence[Alert], done: Iterable[int], yes: str, no: str) -> None:
    """What became of each; raises MonitorError where something could not be done."""
    moved = set(done)
    if not chosen:
        context.say("No alert was given up.")
    if moved:
        names = listed(alert.code for alert in chosen if alert.id in moved)
        context.tell(f"{count(len(moved), 'alert')} {yes}: {names}.")
    left = [alert.code for alert in chosen if alert.id not in moved]
    if left:
        raise MonitorError(f"Nothing was done with {listed(left)}: it {no}.")


def _sentences(tx: Tx, alert: Alert) -> Sequence[str]:
    """What the alert says: its changes, else what its facts tell."""
    if alert.change_ids:
        return [stored.change.sentence for stored in changes.history(tx, ids=alert.change_ids)]
    told = alert.facts.get("sentences")
    if isinstance(told, list | tuple):
        return [str(each) for each in told]
    items = alert.facts.get("items")
    rows = items if isinstance(items, list | tuple) else ()
    return [str(row["what"]) for row in rows if isinstance(row, Mapping) and "what" in row]
