"""`restore`: a store from a backup. Nothing is sent from it until a person has chosen what to do with what waits."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Literal

import click

from monitor.app import App, read_settings, say_on_stderr
from monitor.cli.context import Context, pass_context
from monitor.cli.record_view import paragraph
from monitor.cli.words import count
from monitor.clocks import wall_clock
from monitor.errors import UsageError
from monitor.pipeline import archive
from monitor.settings.template import write_new
from monitor.store import lock, restored
from monitor.store.copying import fill
from monitor.store.engine import open_store

Choice = Literal["resend", "skip"]

OLD_MACHINE = (
    "If the machine that made the backup still runs, stop it: it goes on sending, and both would tell the same."
)
CHOOSE = (
    "Nothing is sent until you choose. trial-monitor restore --resend sends what waits, each message saying that it "
    "may be a repeat; trial-monitor restore --skip drops what waited when the backup was made, if you know that it "
    "has arrived since. What is found from now on is sent in either case."
)


@click.command
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--resend", "choice", flag_value="resend", help="Send what waits, as possible repeats.")
@click.option("--skip", "choice", flag_value="skip", help="Drop what waited when the backup was made.")
@click.option(
    "--write-config",
    "place",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Only write the configuration of the backup there, its secrets left out.",
)
@pass_context
def command(context: Context, file: Path | None, choice: Choice | None, place: Path | None) -> None:
    """Make the store of this configuration from the backup FILE, or choose what becomes of what waits in it."""
    if place is not None:
        _write_configuration(context, file, place)
        return
    if file is None and choice is None:
        raise UsageError("Name a backup, or choose with --resend or --skip.")
    if file is not None:
        _restore(context, file)
    if choice is not None:
        with context.open_locked() as (app, _):
            _choose(context, app, choice)
    else:
        context.say(paragraph(CHOOSE, context.screen))


def _write_configuration(context: Context, file: Path | None, place: Path) -> None:
    if file is None:
        raise UsageError("Name the backup whose configuration is to be written.")
    write_new(place, archive.read_configuration(file), private=True)
    context.tell(f"{place} is written.")
    for name in archive.read_manifest(file).secrets:
        context.say(paragraph(f"Give it its secret: {name}", context.screen))


def _restore(context: Context, file: Path) -> None:
    context.set_up_log()
    manifest = archive.read_manifest(file)
    url = read_settings(context.config, context.environ).store_url.reveal()
    with lock.hold(url) as holder, tempfile.TemporaryDirectory(prefix="restore-") as folder:
        copy = Path(folder) / archive.STORE
        archive.take_store(file, copy)
        store = open_store(f"sqlite:///{copy}", migrate=True, say=say_on_stderr, holder=holder)
        with store.write() as tx:  # in the copy, so that there never is a store that would send at once
            waiting = restored.hold(tx, wall_clock())
        store.close()
        fill(url, copy)
    told = f"The store is as it was on {manifest.made_at}, with {count(manifest.counts['versions'], 'version')}."
    context.say(paragraph(f"{told} {count(waiting, 'alert')} waited then.", context.screen))
    context.say(paragraph(OLD_MACHINE, context.screen))


def _choose(context: Context, app: App, choice: Choice) -> None:
    with app.store.write() as tx:
        since = restored.holding(tx)
        if since is None:
            raise UsageError("Nothing is held: no backup was restored here, or the choice was made already.")
        if choice == "resend":
            said = f"{count(restored.resend(tx, since, app.clock()), 'alert')} will be sent with the next delivery."
        else:
            said = f"{count(restored.skip(tx, since), 'alert')} dropped; see trial-monitor alerts list --all."
    context.say(paragraph(said, context.screen))
