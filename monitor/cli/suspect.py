"""`suspect`: bodies that did not prove to be the record asked for, or that a source changed for many trials at once.

They were kept aside and compared with nothing.
"""

from __future__ import annotations

import click

from monitor.cli.context import Context, pass_context
from monitor.cli.days import show_moment, show_utc
from monitor.cli.default_group import ListsByDefault
from monitor.cli.json_out import document
from monitor.cli.list_views import suspect_table
from monitor.cli.record_view import paragraph
from monitor.cli.words import count
from monitor.errors import MonitorError
from monitor.model.version import SuspectRow
from monitor.pipeline.accept import Accepted
from monitor.sources.guarding import guard_body
from monitor.store import forgotten, records, suspects, versions
from monitor.store.engine import Tx
from monitor.text.clean import harmless

PREVIEW = 1200  # characters of a body that `show` prints


@click.group(cls=ListsByDefault)
def command() -> None:
    """Look at what was kept aside, and decide on it."""


@command.command("list")
@click.option("--all", "everything", is_flag=True, help="Also those decided on.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@pass_context
def list_them(context: Context, *, everything: bool, as_json: bool) -> None:
    """Bodies that wait for a decision."""
    with context.open_app(writing=False) as app:
        zone = app.settings.timezone
        with app.store.read() as tx:
            found = suspects.list_suspects(tx) if everything else suspects.waiting(tx)
            rows = records.by_ids(tx, [row.record_id for row in found])
    titles = {number: row.title or "" for number, row in rows.items()}
    if as_json:
        context.document(document([_json(row) for row in found]))
    elif found:
        context.view(suspect_table(found, titles, context.screen, zone))
    else:
        context.say("Nothing is kept aside.")


@command.command
@click.argument("number", metavar="ID", type=int)
@click.option("--raw", is_flag=True, help="The body itself, as it came; on a terminal without control characters.")
@pass_context
def show(context: Context, number: int, *, raw: bool) -> None:
    """Why a body was not believed, and how it begins."""
    with context.open_app(writing=False) as app:
        zone = app.settings.timezone
        with app.store.read() as tx:
            row = _named(tx, number)
            body = guard_body(row.key, versions.read_body(tx, row.body_digest), None, forgotten.read_guard(tx))
    text = body.content.decode("utf-8", "replace")
    if raw:
        to_terminal = context.screen.height is not None
        context.say(harmless(text, keep_newlines=True) if to_terminal else text)
        return
    screen = context.screen
    lines = [
        paragraph(f"{row.key}: {row.state}, seen {show_moment(row.seen_at, zone)}.", screen),
        *(paragraph(f"- {reason}", screen) for reason in row.reasons),
        "",
        paragraph(f"It is {count(len(body.content), 'byte')} of {body.media_type} and begins:", screen),
        paragraph(text[:PREVIEW], screen),
        "",
        paragraph(f"To make it the next version: trial-monitor suspect accept {row.id}", screen),
        paragraph(f"To throw it away: trial-monitor suspect discard {row.id}", screen),
    ]
    context.view("\n".join(lines))


with_alike = click.option(
    "--alike", is_flag=True, help="And all others that were kept aside because the source changed in the same way."
)


@command.command
@click.argument("numbers", metavar="ID...", type=int, nargs=-1, required=True)
@with_alike
@pass_context
def accept(context: Context, numbers: tuple[int, ...], *, alike: bool) -> None:
    """Believe these bodies: each becomes the next version of its record, and its changes are told."""
    with context.open_app(writing=True) as app:
        for accepted in app.accept_suspects(numbers, with_alike=alike):
            context.say(paragraph(_accepted(accepted), context.screen))


@command.command
@click.argument("numbers", metavar="ID...", type=int, nargs=-1, required=True)
@with_alike
@pass_context
def discard(context: Context, numbers: tuple[int, ...], *, alike: bool) -> None:
    """Throw these bodies away: nothing is compared with them, ever."""
    with context.open_app(writing=True) as app:
        number = app.discard_suspects(numbers, with_alike=alike)
    context.tell(f"{count(number, 'body', 'bodies')} discarded. The record stays as it was last seen sound.")


def _named(tx: Tx, number: int) -> SuspectRow:
    row = suspects.get(tx, number)
    if row is None:
        raise MonitorError(f"There is nothing kept aside under {number}. To see what is: trial-monitor suspect")
    return row


def _accepted(accepted: Accepted) -> str:
    version = accepted.version
    named = f"It is version {version.number} now" if version else "It says the same as the last version"
    changes = count(len(accepted.change_ids), "change")
    return f"{accepted.row.key}: {named}, with {changes}."


def _json(row: SuspectRow) -> dict[str, object]:
    return {
        "id": row.id,
        "source": row.key.source,
        "source_id": row.key.source_id,
        "seen_at": show_utc(row.seen_at),
        "last_seen_at": show_utc(row.last_seen_at),
        "reasons": list(row.reasons),
        "state": row.state,
    }
