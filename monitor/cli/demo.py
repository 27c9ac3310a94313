"""`demo`: the whole job on recorded records, in a folder of its own."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event

import click

from monitor.app import App
from monitor.cli import history
from monitor.cli.check import alert_counts
from monitor.cli.check_view import CheckReport, render_check
from monitor.cli.context import Context, pass_context
from monitor.cli.group import PROGRAM
from monitor.demo.serving import serve_demo
from monitor.demo.story import Voice, ending, run_demo
from monitor.pipeline.check import PassReport
from monitor.pipeline.deliver import Delivered

FOLDER = Path("demo")


@click.command
@click.option("--serve", is_flag=True, help="Start the recorded sources of an earlier demo again, until stopped.")
@click.option("--folder", type=click.Path(path_type=Path), default=FOLDER, show_default=True, help="Where it is kept.")
@pass_context
@click.pass_context
def command(ctx: click.Context, context: Context, *, serve: bool, folder: Path) -> None:
    """Watch recorded trials over nine days: what changes, what is sent, what is kept. Needs no network."""
    say = _printer(context)
    if serve:
        serve_demo(folder, say, _wait)
        return
    context.set_up_log()
    voice = Voice(say=say, check=lambda app, report, delivered: _check(context, app, report, delivered))
    context.config = run_demo(folder, voice, context.environ)
    ctx.invoke(history.command)
    context.paged = False
    context.say(context.screen.spell(ending(context.config, _program())))


def _program() -> str:
    """How the reader can call this program: by name if that is on the path, else as it was called now."""
    return PROGRAM if shutil.which(PROGRAM) else sys.argv[0]


def _printer(context: Context) -> Callable[[str], None]:
    """Prints at once: the demo is watched while it runs."""
    return lambda text: click.echo(context.screen.spell(text))


def _check(context: Context, app: App, report: PassReport, delivered: Delivered) -> str:
    """What the verb `check` would print."""
    counts = alert_counts(app, report, delivered)
    told = CheckReport(coverage=report.coverage, changes=report.changes, alerts=counts, zone=app.settings.timezone)
    problems = [f"{destination}: {problem}" for destination, problem in delivered.problems]
    return "\n".join([render_check(told, context.screen), *problems])


def _wait() -> None:
    with suppress(KeyboardInterrupt):
        Event().wait()
