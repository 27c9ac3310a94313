"""`triage`: who looked at a change, what they noted, whose it is. It takes no run lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import click

from monitor.cli.context import Context, pass_context
from monitor.cli.days import day_of
from monitor.cli.default_group import ListsByDefault
from monitor.cli.json_out import document
from monitor.cli.stored import known_trial
from monitor.cli.triage_view import UNTOUCHED, is_open, render_triage, with_triage
from monitor.cli.words import count, listed
from monitor.model.change import Severity, StoredChange
from monitor.model.triage import Deed, Triage
from monitor.pipeline import triaging
from monitor.store import changes, triage
from monitor.store.engine import Tx

HIGHEST: Final = 2**53  # of a change's number
NUMBER: Final = click.IntRange(1, HIGHEST)
by_whom = click.option("--by", metavar="NAME", help="Who does it (default: $USER).")
numbers_given = click.argument("numbers", metavar="CHANGE_ID...", type=NUMBER, nargs=-1, required=True)
number_given = click.argument("number", metavar="CHANGE_ID", type=NUMBER)


@click.group(cls=ListsByDefault)
def command() -> None:
    """Say of changes that you saw them, what you think, and whose they are.

    CHANGE_ID is the number that `trial-monitor triage list` shows.
    """


@command.command("list")
@click.option("--open", "only_open", is_flag=True, help="Only those that nobody has acknowledged.")
@click.option("--trial", metavar="TRIAL", help="Only of this trial: NCT number, address of a page, or label.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@pass_context
def list_them(context: Context, *, only_open: bool, trial: str | None, as_json: bool) -> None:
    """The changes and how they stand, the latest first; bookkeeping only where somebody did something about it."""
    with context.open_app(writing=False) as app:
        zone, now = app.settings.timezone, app.clock()
        with app.store.read() as tx:
            found, stands = _find(tx, trial, only_open=only_open)
    if as_json:
        every = {stored.id: stands.get(stored.id, UNTOUCHED) for stored in found}
        context.document(document(with_triage(found, every)))
    elif found:
        context.view(render_triage(found, stands, context.screen, zone, day_of(now, zone).year))
    else:
        context.say("No change is open." if only_open else "There is no change yet.")


@command.command
@numbers_given
@by_whom
@pass_context
def ack(context: Context, numbers: tuple[int, ...], by: str | None) -> None:
    """Acknowledge changes: somebody saw them, and nothing more is to be done."""
    done = _do(context, numbers, Deed.ACKNOWLEDGE, by)
    context.tell(f"{count(len(done), 'change')} acknowledged: {_numbers(done)}.")


@command.command
@number_given
@click.argument("text")
@by_whom
@pass_context
def note(context: Context, number: int, text: str, by: str | None) -> None:
    """Note something on a change. The newest note of a trial ends the messages about what changes in it next."""
    _do(context, [number], Deed.NOTE, by, text)
    context.tell(f"Noted on change {number}. Messages about that trial bear it from now on.")


@command.command
@number_given
@click.argument("who")
@by_whom
@pass_context
def assign(context: Context, number: int, who: str, by: str | None) -> None:
    """Say whose a change is."""
    _do(context, [number], Deed.ASSIGN, by, who)
    context.tell(f"Change {number} is assigned to {triaging.name_of(who)}.")


@command.command
@number_given
@by_whom
@pass_context
def reopen(context: Context, number: int, by: str | None) -> None:
    """Take back an acknowledgement; notes and the assignment stay."""
    _do(context, [number], Deed.REOPEN, by)
    context.tell(f"Change {number} is open again.")


def _do(
    context: Context, numbers: Sequence[int], deed: Deed, by: str | None, text: str | None = None
) -> tuple[StoredChange, ...]:
    who = by if by is not None else context.environ.get("USER", "")
    with context.open_app(writing=True) as app, app.store.write() as tx:
        return triaging.do(tx, numbers, deed, by=who, now=app.clock(), text=text)


def _numbers(done: Sequence[StoredChange]) -> str:
    return listed(str(number) for number in sorted(stored.id for stored in done))


def _find(tx: Tx, trial: str | None, *, only_open: bool) -> tuple[Sequence[StoredChange], Mapping[int, Triage]]:
    record_ids = None if trial is None else [row.id for row in known_trial(tx, trial).records]
    found = changes.history(tx, record_ids=record_ids)
    stands = triage.read(tx, [stored.id for stored in found])
    return [stored for stored in found if _is_shown(stored, stands.get(stored.id), only_open=only_open)], stands


def _is_shown(stored: StoredChange, found: Triage | None, *, only_open: bool) -> bool:
    wanted = found is not None or stored.change.severity is not Severity.ADMINISTRATIVE
    return wanted and (is_open(found) or not only_open)
