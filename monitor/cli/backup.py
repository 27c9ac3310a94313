"""`backup`: one file with all that another machine needs to go on."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from monitor import __version__
from monitor.app import read_settings
from monitor.cli.context import Context, pass_context
from monitor.cli.days import show_utc
from monitor.cli.ending import complain
from monitor.cli.record_view import paragraph
from monitor.cli.words import count
from monitor.clocks import wall_clock
from monitor.pipeline import archive
from monitor.settings.blanked import blanked
from monitor.store.copying import write_copy

NO_CONFIGURATION = "# The configuration could not be kept without its secrets: {why}. Keep a copy of your own.\n"


@click.command
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@pass_context
def command(context: Context, file: Path) -> None:
    """Write a backup of the store and of the configuration (without its secrets) to FILE.

    It may be made while the monitor runs. Nothing is written over.
    """
    context.set_up_log()
    settings = read_settings(context.config, context.environ)
    configuration, secrets = _without_secrets(settings.path)
    with tempfile.TemporaryDirectory(dir=file.absolute().parent, prefix=".backup-") as folder:
        copy = Path(folder) / archive.STORE
        counts = write_copy(settings.store_url.reveal(), copy)
        facts = {"made_at": show_utc(wall_clock()), "program": __version__, "counts": counts, "secrets": secrets}
        archive.write_archive(file, copy, configuration, facts)
    context.say(paragraph(_told(file, counts["records"], counts["versions"], counts["alerts"]), context.screen))
    for name in secrets:
        context.say(paragraph(f"Not in it, keep it elsewhere: {name}", context.screen))


def _without_secrets(path: Path) -> tuple[str, tuple[str, ...]]:
    try:
        return blanked(path.read_text(encoding="utf-8-sig"))
    except ValueError as why:
        complain(f"The configuration is not in the backup: {why}. Keep a copy of it yourself.")
        return NO_CONFIGURATION.format(why=why), ()


def _told(file: Path, records: int, versions: int, alerts: int) -> str:
    what = f"{count(records, 'record')}, {count(versions, 'version')} and {count(alerts, 'alert')}"
    return f"{file} holds {what}. To go on from it: trial-monitor restore {file}"
