"""`watch`: which trials to follow."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import cast

import click

from monitor.app import App, ask_about
from monitor.cli.context import Context, pass_context
from monitor.cli.days import day_of
from monitor.cli.ending import FAILED, complain
from monitor.cli.interval import Interval
from monitor.cli.list_views import Watched, watch_table
from monitor.cli.named import STANDING, watches_named
from monitor.cli.watch_files import read_list, write_list
from monitor.cli.words import count
from monitor.errors import BadReference, UsageError
from monitor.model.watch import Watch, WatchSource, WatchSpec, WatchState
from monitor.pipeline.watching import Asked, add_watches
from monitor.sources.references import parse_reference
from monitor.store import records, watches


@click.group
def command() -> None:
    """Say which trials to follow."""


@command.command
@click.argument("references", metavar="REF...", nargs=-1, required=True)
@click.option("--tag", "tags", multiple=True, help="A name for a group of trials; rules go by it. May be repeated.")
@click.option("--label", help="What you call this trial. Messages show it first.")
@click.option("--every", type=Interval(), help="How often to look, such as 6h or 1d.")
@click.option("--source", type=click.Choice(["both", "page", "registry"]), default="both", help="What to read.")
@pass_context
@click.pass_context
def add(
    ctx: click.Context,
    context: Context,
    references: tuple[str, ...],
    *,
    tags: tuple[str, ...],
    label: str | None,
    every: timedelta | None,
    source: str,
) -> None:
    """Follow trials: NCT numbers, or addresses at clinicaltrials.gov or ctv.veeva.com."""
    specs, failed = [], False
    for text in references:
        try:
            reference = parse_reference(text)
        except BadReference as error:
            if text.strip().casefold().startswith("search:"):
                raise UsageError(str(error)) from error
            complain(str(error))
            failed = True
        else:
            chosen = cast("WatchSource", source)
            specs.append(WatchSpec(reference=reference, tags=frozenset(tags), label=label, source=chosen, every=every))
    with context.open_app(writing=True) as app:
        absent = follow(context, app, specs)
    ctx.exit(FAILED if failed or absent else 0)


def follow(context: Context, app: App, specs: Sequence[WatchSpec]) -> int:
    """Ask whether the trials exist and watch those that do; how many do not. What cannot be asked now is added."""
    if not specs:
        return 0
    asked = asyncio.run(ask_about(app, [spec.reference.key for spec in specs]))
    there = [spec for spec in specs if spec.reference.key not in asked.absent]
    with app.store.write() as tx:
        done = add_watches(tx, there, app.clock())
    for watch, new in done:
        context.tell(_added(watch, new=new))
    _complain(specs, asked)
    return len(specs) - len(there)


def _added(watch: Watch, *, new: bool) -> str:
    tags = f", tagged {', '.join(sorted(watch.tags))}" if watch.tags else ""
    name = f"{watch.reference.text} ({watch.label})" if watch.label else watch.reference.text
    return f"{name} is {'now' if new else 'already'} watched{tags}."


def _complain(specs: Sequence[WatchSpec], asked: Asked) -> None:
    for spec in specs:
        key = spec.reference.key
        if key in asked.absent:
            complain(f"{spec.reference.text} was not added: {asked.absent[key]}.")
        elif key in asked.unasked:
            complain(f"{spec.reference.text} was added without a look at it: {asked.unasked[key].rstrip('.')}.")


@command.command("list")
@click.option("--all", "everything", is_flag=True, help="Also removed ones.")
@pass_context
def list_them(context: Context, *, everything: bool) -> None:
    """The watches, and how each trial stands."""
    with context.open_app(writing=False) as app:
        zone, now = app.settings.timezone, app.clock()
        with app.store.read() as tx:
            found = watches.all_watches(tx, tuple(WatchState) if everything else STANDING)
            linked = watches.links(tx)
            rows = records.by_ids(tx, {each for ids in linked.values() for each in ids})
    if not found:
        context.say("Nothing is watched yet. To start: trial-monitor watch add NCT04762485")
        return
    shown = [Watched(watch=each, records=[rows[n] for n in linked.get(each.id, ())]) for each in found]
    context.view(watch_table(shown, context.screen, zone, day_of(now, zone).year))


@command.command
@click.argument("name", metavar="WATCH")
@pass_context
def show(context: Context, name: str) -> None:
    """One watch: its reference, label, tags and records."""
    with context.open_app(writing=False) as app:
        zone, now = app.settings.timezone, app.clock()
        found = watches_named(app, [name], tuple(WatchState))
        with app.store.read() as tx:
            linked = watches.links(tx)
            rows = records.by_ids(tx, {each for watch in found for each in linked.get(watch.id, ())})
    shown = [Watched(watch=each, records=[rows[n] for n in linked.get(each.id, ())]) for each in found]
    context.say(watch_table(shown, context.screen, zone, day_of(now, zone).year))


@command.command
@click.argument("names", metavar="[WATCH]...", nargs=-1)
@click.option("--missing", is_flag=True, help="Those that the configuration file no longer names.")
@pass_context
def pause(context: Context, names: tuple[str, ...], *, missing: bool) -> None:
    """Stop checking; history stays."""
    if bool(names) is missing:
        raise UsageError("Name the watches to pause, or say --missing for those that left the configuration.")
    if missing:
        with context.open_app(writing=True) as app:
            paused = app.sync_watches(confirmed=True)
        context.tell(f"{count(len(paused), 'watch', 'watches')} paused.")
        return
    _move(context, names, WatchState.PAUSED, "paused", (WatchState.ACTIVE, WatchState.PAUSED))


@command.command
@click.argument("names", metavar="WATCH...", nargs=-1, required=True)
@pass_context
def resume(context: Context, names: tuple[str, ...]) -> None:
    """Check again what was paused."""
    _move(context, names, WatchState.ACTIVE, "resumed", STANDING)


@command.command
@click.argument("names", metavar="WATCH...", nargs=-1, required=True)
@pass_context
def remove(context: Context, names: tuple[str, ...]) -> None:
    """Stop following; history stays and can be reviewed."""
    _move(context, names, WatchState.REMOVED, "removed", STANDING)


def _move(context: Context, names: Sequence[str], state: WatchState, done: str, states: Sequence[WatchState]) -> None:
    with context.open_app(writing=True) as app:
        found = watches_named(app, names, states)
        with app.store.write() as tx:
            watches.set_state(tx, [watch.id for watch in found], state, app.clock())
    for watch in found:
        context.tell(f"{watch.label or watch.reference.text} is {done}.")


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--tag", "tags", multiple=True, help="A tag for all of them. May be repeated.")
@pass_context
@click.pass_context
def import_list(ctx: click.Context, context: Context, file: Path, *, tags: tuple[str, ...]) -> None:
    """Follow every NCT number and ctv study page that any text or CSV file names."""
    found = read_list(file, frozenset(tags))
    with context.open_app(writing=True) as app:
        absent = follow(context, app, found.specs)
    for line in found.unused:
        complain(f"{file.name}: nothing was taken from {line}")
    if not found.specs:
        complain(f"{file.name} names no trial.")
    ctx.exit(FAILED if absent or not found.specs else 0)


@command.command("export")
@pass_context
def export_list(context: Context) -> None:
    """The watches as CSV, as `watch import` takes them."""
    with context.open_app(writing=False) as app, app.store.read() as tx:
        found = watches.all_watches(tx, STANDING)
    context.say(write_list(found))
