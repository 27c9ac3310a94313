"""`destination`: try the ways to the readers."""

from __future__ import annotations

import asyncio

import click

from monitor.app import App
from monitor.cli.context import Context, pass_context
from monitor.cli.ending import FAILED, complain
from monitor.cli.forget_reader import forget_destination
from monitor.errors import SendError, UsageError
from monitor.model.alert import Recipient
from monitor.pipeline.sample import send_test


@click.group
def command() -> None:
    """Try the ways to the readers, and forget one of them."""


command.add_command(forget_destination)


@command.command("test")
@click.argument("name")
@pass_context
@click.pass_context
def test_destination(ctx: click.Context, context: Context, name: str) -> None:
    """Send a test message to each recipient of the destination NAME, now and without the outbox."""
    failed = False
    with context.open_app(writing=True) as app:
        for recipient in _recipients(app, name):
            shown = recipient.address or name
            try:
                code = asyncio.run(send_test(app.post(), recipient, app.clock()))
            except SendError as error:
                failed = True
                complain(f"{name}: {error}")
            else:
                context.tell(f"A test message was handed over to {shown} as alert {code}. Look whether it arrived.")
    ctx.exit(FAILED if failed else 0)


def _recipients(app: App, name: str) -> tuple[Recipient, ...]:
    recipients = app.ways.desk.recipients
    if name not in recipients:
        known = ", ".join(sorted(recipients)) or "none"
        raise UsageError(f'There is no destination "{name}" in the configuration. Those there are: {known}.')
    return tuple(recipients[name])
