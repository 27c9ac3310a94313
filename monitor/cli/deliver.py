"""`deliver`: send once what waits to be sent."""

from __future__ import annotations

import asyncio

import click

from monitor.app import deliver_once
from monitor.cli.context import Context, pass_context
from monitor.cli.ending import FAILED, complain
from monitor.cli.words import count
from monitor.model.alert import AlertState
from monitor.store import alerts


@click.command
@pass_context
@click.pass_context
def command(ctx: click.Context, context: Context) -> None:
    """Send once all that waits, whether its next try is due or not. What fails again waits for its next time."""
    with context.open_locked() as (app, holder):
        done = asyncio.run(deliver_once(app, holder.id, at_once=True))
        with app.store.read() as tx:
            dead = alerts.counts(tx)[AlertState.DEAD]
    context.tell(f"{count(done.sent, 'alert')} sent, {done.retry} to be tried again, {dead} given up.")
    for destination, problem in done.problems:
        complain(f"{destination}: {problem}")
    if done.held:
        complain(done.held)
    ctx.exit(FAILED if dead or done.held else 0)
