"""`run`: check and deliver until stopped."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress

import click

from monitor import daemon
from monitor.app import App, reread
from monitor.cli.context import Context, pass_context


@click.command
@pass_context
def command(context: Context) -> None:
    """Check what is due and deliver, until told to stop (SIGTERM, SIGINT). One run at a time works on a store.

    A changed configuration is read by itself, or at once at SIGHUP; one with a fault changes nothing.
    """

    def read_again(app: App) -> App:
        return context.known(reread(app, context.environ))

    with context.open_locked() as (app, holder):
        app.sync_watches()
        orderly = asyncio.run(daemon.run(app, holder.id, read_again))
    if not orderly:
        # The store is closed. Apprise's threads would be waited for at the end of the process, for a minute perhaps.
        with suppress(OSError):
            sys.stderr.flush()
        os._exit(0)
