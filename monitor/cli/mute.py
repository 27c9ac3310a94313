"""`mute`: not to hear of a watch, a category or a destination until a day. What is muted stays in the history."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

import click

from monitor.app import App
from monitor.cli.context import Context, pass_context
from monitor.cli.days import Day, day_of, end_of, show_day, show_utc
from monitor.cli.default_group import ListsByDefault
from monitor.cli.json_out import document
from monitor.cli.record_view import paragraph
from monitor.errors import UsageError
from monitor.model.change import Category
from monitor.model.mute import Mute, MuteKind
from monitor.pipeline.watching import watches_named
from monitor.store import mutes
from monitor.store.engine import Tx

_WORDS: Final = {
    MuteKind.WATCH: "the trial {name}",
    MuteKind.CATEGORY: "changes of {name}",
    MuteKind.DESTINATION: "the destination {name}",
}


@click.group(cls=ListsByDefault)
def command() -> None:
    """Mute a trial, a category or a destination until a day; its next digest counts what was kept back."""


@command.command
@click.option("--watch", help="A trial, by label, reference or NCT number.")
@click.option("--category", type=click.Choice([each.value for each in Category]), help="A kind of change.")
@click.option("--destination", help="The name of a destination.")
@click.option("--until", type=Day(), required=True, help="The last day of the silence.")
@pass_context
def add(context: Context, watch: str | None, category: str | None, destination: str | None, until: date) -> None:
    """Mute one thing. The same again changes the day."""
    told = {MuteKind.WATCH: watch, MuteKind.CATEGORY: category, MuteKind.DESTINATION: destination}
    given = [(kind, name) for kind, name in told.items() if name]
    if len(given) != 1:
        raise UsageError("Name one thing to mute: --watch, --category or --destination.")
    ((kind, name),) = given
    with context.open_app(writing=True) as app:
        ends = end_of(until, app.settings.timezone)
        if ends <= app.clock():
            raise UsageError(f"{show_day(until)} is over. Name a day to come.")
        with app.store.write() as tx:
            _refuse_unknown(app, tx, kind, name)
            made = mutes.add(tx, kind, name, ends, app.clock())
    done = f"Muted until the end of {show_day(until)}: {_what(made)} (number {made.id})."
    context.say(paragraph(done, context.screen))


def _refuse_unknown(app: App, tx: Tx, kind: MuteKind, name: str) -> None:
    if kind is MuteKind.WATCH:
        watches_named(tx, [name])
    if kind is MuteKind.DESTINATION and name not in app.settings.destinations:
        raise UsageError(f'There is no destination "{name}". There are: {", ".join(app.settings.destinations)}.')


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@pass_context
def list_them(context: Context, *, as_json: bool) -> None:
    """What is muted now."""
    with context.open_app(writing=False) as app, app.store.read() as tx:
        found, zone = mutes.in_force(tx, app.clock()), app.settings.timezone
    if as_json:
        context.document(document([_json(each) for each in found]))
    elif not found:
        context.say("Nothing is muted.")
    else:
        for each in found:
            last = show_day(day_of(_last(each), zone))
            context.say(paragraph(f"{each.id}: {_what(each)}, until the end of {last}.", context.screen))


@command.command
@click.argument("numbers", metavar="ID...", type=int, nargs=-1, required=True)
@pass_context
def end(context: Context, numbers: tuple[int, ...]) -> None:
    """Hear of it again from now on."""
    with context.open_app(writing=True) as app, app.store.write() as tx:
        ended = mutes.end(tx, numbers, app.clock())
        unknown = [str(number) for number in numbers if number not in ended]
        if unknown:
            raise UsageError(f"Nothing is muted under {', '.join(unknown)}.")
    context.say(paragraph(f"No longer muted: {', '.join(map(str, ended))}.", context.screen))


def _what(mute: Mute) -> str:
    return _WORDS[mute.kind].format(name=mute.name)


def _last(mute: Mute) -> datetime:
    """A moment of its last day."""
    return mute.until - timedelta(seconds=1)


def _json(mute: Mute) -> dict[str, object]:
    return {
        "id": mute.id,
        "kind": mute.kind.value,
        "name": mute.name,
        "until": show_utc(mute.until),
        "made_at": show_utc(mute.made_at),
    }
