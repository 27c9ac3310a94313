"""`verify`: does what is stored agree with itself?"""

from __future__ import annotations

import asyncio
from datetime import datetime

import click

from monitor.app import App
from monitor.cli.context import Context, pass_context
from monitor.cli.days import Moment, show_day, show_utc
from monitor.cli.ending import FAILED
from monitor.cli.json_out import document
from monitor.cli.record_view import paragraph
from monitor.cli.words import count
from monitor.model.message import Head
from monitor.pipeline.scribe import Scribe
from monitor.pipeline.standing import head_of
from monitor.pipeline.verifying import Verified, verify_store


@click.command
@click.argument("named", metavar="[WATCH]...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--at", "moment", type=Moment(), help="Name the head of the version chains as of then, in UTC.")
@pass_context
@click.pass_context
def command(
    ctx: click.Context, context: Context, named: tuple[str, ...], moment: datetime | None, *, as_json: bool
) -> None:
    """Compare all stored versions again, and look for missing and surplus alerts. Nothing is stored or sent.

    It may run beside the monitor, and exits with 1 if anything does not agree. Each digest names the head of the
    version chains at its time: --at shows it again.
    """
    with context.open_app(writing=False) as app:
        app.store.check_whole()
        verified = asyncio.run(_verify(app, named))
        with app.store.read() as tx:
            head = head_of(tx, moment or app.clock())
    if as_json:
        context.document(document(_json(verified, head)))
    else:
        for each in verified.disagreements:
            context.say(paragraph(f"{each.about}: {each.what}", context.screen))
        context.say(paragraph(_told(verified), context.screen))
        line = f"Head of the version chains of {count(head.records, 'record')} at {show_utc(head.at)}:"
        context.say(paragraph(line, context.screen))
        context.say(head.digest)
    ctx.exit(FAILED if verified.disagreements else 0)


async def _verify(app: App, named: tuple[str, ...]) -> Verified:
    async with Scribe(app.store) as scribe:
        return await verify_store(scribe, app.ways.desk, names=named)


def _told(verified: Verified) -> str:
    looked = (
        f"{count(verified.records, 'record')} with {count(verified.versions, 'version')}; "
        f"{count(verified.compared, 'pair')} compared again, {count(verified.alerts, 'alert')} looked up."
    )
    if verified.pruned_at:
        looked += (
            f" {count(verified.pruned, 'version')} pruned in part, the last on {show_day(verified.pruned_at.date())}."
        )
    found = len(verified.disagreements)
    return f"{looked} {count(found, 'disagreement')}." if found else f"{looked} All of it agrees."


def _json(verified: Verified, head: Head) -> dict[str, object]:
    return {
        "head": {"digest": head.digest, "records": head.records, "at": show_utc(head.at)},
        "records": verified.records,
        "versions": verified.versions,
        "compared": verified.compared,
        "alerts": verified.alerts,
        "pruned": verified.pruned,
        "disagreements": [{"about": each.about, "what": each.what} for each in verified.disagreements],
    }
