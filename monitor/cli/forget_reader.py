"""`destination forget`: a reader is to hear nothing more, and nothing is to name them."""

from __future__ import annotations

from collections.abc import Iterator

import click

from monitor.cli.context import Context, pass_context
from monitor.cli.ending import FAILED, complain
from monitor.cli.record_view import paragraph
from monitor.cli.words import count
from monitor.errors import UsageError
from monitor.pipeline.readers import Forgotten, forget_reader
from monitor.settings.leaving import Leaving, leave, mentions

ELSEWHERE = (
    "Copies made earlier (backups, those kept before an upgrade, messages sent, the logs of mail servers and of this "
    "program's runs) hold what they held: delete those yourself."
)


@click.command("forget")
@click.argument("address")
@click.option("--dry-run", is_flag=True, help="Say what would be done; nothing is changed.")
@pass_context
@click.pass_context
def forget_destination(ctx: click.Context, context: Context, address: str, *, dry_run: bool) -> None:
    """Forget the reader with this ADDRESS: a mail address, or another recipient as `alerts` shows it.

    It is taken out of the configuration, of all that waits to be sent, and of all that the store says of it.
    """
    address = address.strip()
    if not address:
        raise UsageError("An empty address names nobody.")
    with context.open_locked() as (app, _):
        places = leave(app.settings, context.environ, address, dry_run=dry_run)
        done = forget_reader(app.store, address, dry_run=dry_run)
        left = () if dry_run else tuple(mentions(app.settings, context.environ, address))
    for line in _told(address, places, done, dry_run=dry_run):
        context.say(paragraph(line, context.screen))
    by_hand = [each.words for each in places if not each.done]
    for words in by_hand:
        complain(f"{words} Until then alerts to {address} are planned again.")
    if left and not by_hand:
        complain(f"{address} still stands in {'; '.join(left)}. Take it out there yourself.")
    ctx.exit(FAILED if by_hand or left else 0)


def _told(address: str, places: tuple[Leaving, ...], done: Forgotten, *, dry_run: bool) -> Iterator[str]:
    if dry_run:
        yield "Nothing was changed. This is what would be done:"
    yield from (each.words for each in places if each.done)
    if not places and not done.something:
        yield f"Neither the configuration nor the store names {address} as a reader."
        return
    rows = ", ".join(f"{number} in {name}" for name, number in done.rows.items()) or "none"
    yield f"{count(done.dropped, 'alert')} dropped that had waited. Rows in which nobody is named any more: {rows}."
    if not dry_run:
        yield ELSEWHERE
        yield f"If a trial's record names {address} as a contact, that stays: trial-monitor prune --person {address}"
