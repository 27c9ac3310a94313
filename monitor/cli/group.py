"""The head of the command line: verbs loaded by name, the options that all of them share, and how errors end.

A verb's module is imported when the verb is called, never for `--help`. It exposes a click command named `command`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import cast

import click

from monitor import __version__
from monitor.cli import ending
from monitor.cli.context import Context, LogFormat
from monitor.cli.pager import show
from monitor.cli.terminal import ColorWhen, screen_of

PROGRAM = "trial-monitor"
INTERRUPTED = 130
READER_LEFT = 141  # what a shell reports for a program whose reader went away

VERBS: Mapping[str, str] = {
    "init": "Write a first configuration and send a test message.",
    "doctor": "Look for faults in the set-up, each with a remedy.",
    "demo": "Run the whole job on recorded records, without the network.",
    "watch": "Say which trials to follow.",
    "check": "Make one pass over the watched trials, then deliver (for cron).",
    "run": "Check and deliver until stopped (the daemon).",
    "deliver": "Send once what waits to be sent.",
    "history": "Tell what changed.",
    "show": "Show a whole record as it was seen.",
    "diff": "Compare two versions of a trial, or two files.",
    "inspect": "Read a file or a trial without storing anything.",
    "alerts": "Look at what was sent and what waits.",
    "mute": "Hear nothing of a trial, a category or a destination until a day.",
    "rules": "Try the rules on what was seen already.",
    "triage": "Say of changes that you saw them, what you think, and whose they are.",
    "suspect": "Look at what was kept aside, and decide on it.",
    "destination": "Send samples of every kind of message.",
    "verify": "Check that what is stored agrees with itself.",
    "prune": "Take persons and what is old out of the store.",
    "backup": "Write one file with the store and the configuration.",
    "restore": "Make a store from a backup; nothing is sent until you choose.",
}


def _config(ctx: click.Context, _param: click.Parameter, value: Path | None) -> None:
    if value is not None:
        ctx.ensure_object(Context).config = value


def _log_format(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if value is not None:
        ctx.ensure_object(Context).log_format = cast("LogFormat", value)


def _verbose(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001 (click's signature)
    if value:
        ctx.ensure_object(Context).verbose = True


def _color(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if value is not None:
        ctx.ensure_object(Context).set_color(cast("ColorWhen", value))


def common_options() -> list[click.Parameter]:
    """The options that stand on every verb and before it, made afresh for each command."""
    return [
        click.Option(
            ["--config"],
            type=click.Path(path_type=Path),
            expose_value=False,
            callback=_config,
            help="The configuration file (default: $TRIAL_MONITOR_CONFIG, config/monitor.toml, ~/.config/...).",
        ),
        click.Option(
            ["--log-format"],
            type=click.Choice(["plain", "json"]),
            expose_value=False,
            callback=_log_format,
            help="How the log on stderr is written.",
        ),
        click.Option(
            ["--color"],
            type=click.Choice(["auto", "always", "never"]),
            expose_value=False,
            callback=_color,
            help="Colour (default: auto, on a terminal and without NO_COLOR).",
        ),
        click.Option(["-v", "--verbose"], is_flag=True, expose_value=False, callback=_verbose, help="Say more."),
    ]


class Verbs(click.Group):
    """Verbs by name; `modules` is the package whose modules they are."""

    def __init__(self, verbs: Mapping[str, str], modules: str, *, name: str, callback: Callable[[], None]) -> None:
        super().__init__(params=common_options(), name=name, callback=callback, help=callback.__doc__)
        self._verbs = verbs
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(self._verbs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (as above)
        if cmd_name not in self._verbs:
            return None
        command: click.Command = import_module(f"{self._modules}.{cmd_name}").command
        _share_options(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (as above)
        with formatter.section("Verbs"):
            formatter.write_dl(list(self._verbs.items()))


def _share_options(command: click.Command) -> None:
    if any("--config" in param.opts for param in command.params):
        return
    command.params.extend(common_options())
    if isinstance(command, click.Group):
        for sub in command.commands.values():
            _share_options(sub)


@click.version_option(__version__, prog_name=PROGRAM)
def _root() -> None:
    """Watch clinical-trial records, find what changed, and tell people."""


def build_group() -> click.Group:
    root = Verbs(VERBS, "monitor.cli", name=PROGRAM, callback=_root)
    root.params.extend(getattr(_root, "__click_params__", []))
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code. No exception but SystemExit of the completion leaves it."""
    context = Context(environ=os.environ, screen=screen_of(sys.stdout, os.environ))
    try:
        code = _run(list(sys.argv[1:] if arguments is None else arguments), context)
        if code not in ending.SILENT:
            show(context.said, context.screen, os.environ, paged=context.paged)
            sys.stdout.flush()
    except BrokenPipeError:
        _forget_stdout()
        return READER_LEFT
    except OSError as error:  # of the printing alone: what a verb raises was told before
        _forget_stdout()
        ending.complain(f"Standard output cannot be written: {error.strerror}. What was committed stays.")
        return ending.FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def _run(arguments: list[str], context: Context) -> int:
    group = build_group()
    if "_TRIAL_MONITOR_COMPLETE" in context.environ:
        group.main(arguments, PROGRAM)
    try:
        with group.make_context(PROGRAM, arguments, obj=context) as ctx:
            group.invoke(ctx)
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except BaseException as error:  # noqa: BLE001 (the head of the command line: every ending is told here)
        return ending.tell(error, context)
    return 0


def _forget_stdout() -> None:
    """Keep the interpreter from complaining, at its own end, about the reader that went away."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
