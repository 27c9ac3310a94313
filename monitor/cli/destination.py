"""`destination`: try the ways to the readers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import click

from monitor.app import App
from monitor.cli.context import Context, pass_context
from monitor.cli.ending import FAILED, complain
from monitor.cli.forget_reader import forget_destination
from monitor.cli.words import count
from monitor.errors import UsageError
from monitor.model.alert import AlertKind, Recipient
from monitor.pipeline.sample import KINDS, Tried, send_samples


@click.group
def command() -> None:
    """Try the ways to the readers, and forget one of them."""


command.add_command(forget_destination)


@command.command("test")
@click.argument("name")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice([kind.value for kind in KINDS]), help="Only samples of this."
)
@pass_context
@click.pass_context
def test_destination(ctx: click.Context, context: Context, name: str, kinds: tuple[str, ...]) -> None:
    """Send a sample of every kind of message to each recipient of the destination NAME, now and without the outbox.

    The samples are about a trial that is made up, and say so.
    """
    wanted = [kind for kind in KINDS if not kinds or kind.value in kinds]
    failed = False
    with context.open_app(writing=True) as app:
        for recipient in _recipients(app, name):
            tried = asyncio.run(send_samples(app.post(), recipient, wanted, app.clock()))
            _tell(context, recipient, tried, len(wanted))
            failed = failed or any(each.error for each in tried)
    ctx.exit(FAILED if failed else 0)


def _tell(context: Context, recipient: Recipient, tried: Sequence[Tried], wanted: int) -> None:
    name, shown = recipient.destination, recipient.address or recipient.destination
    for each in tried:
        is_test = each.kind is AlertKind.TEST
        if each.error:
            complain(f"{name}: {each.error}" if is_test else f"{name}: a sample ({each.kind}) failed. {each.error}")
        else:
            what = "A test message" if is_test else f"A sample ({each.kind})"
            context.tell(f"{what} was handed over to {shown} as alert {each.code}. Look whether it arrived.")
    if len(tried) < wanted:
        complain(f"{name}: {count(wanted - len(tried), 'other sample')} for {shown} not tried after that.")


def _recipients(app: App, name: str) -> tuple[Recipient, ...]:
    recipients = app.ways.desk.recipients
    if name not in recipients:
        known = ", ".join(sorted(recipients)) or "none"
        raise UsageError(f'There is no destination "{name}" in the configuration. Those there are: {known}.')
    return tuple(recipients[name])
