"""What every verb is handed: where the configuration is, how to print, and one place that gathers standard output."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from monitor.cli.terminal import ColorWhen, Screen

if TYPE_CHECKING:
    from monitor.app import App
    from monitor.store.lock import Holder

LogFormat = Literal["plain", "json"]


@dataclass(slots=True)
class Context:
    """The common options of one call, and its standard output.

    Standard output is gathered and printed by `group.main` when the verb has ended: a call that ends with 2, 3 or 75
    prints nothing there. `environ` is the environment of the process; nothing below reads another.
    """

    environ: Mapping[str, str]
    screen: Screen
    config: Path | None = None
    log_format: LogFormat | None = None
    verbose: bool = False
    paged: bool = False
    _said: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        """Add lines to standard output."""
        self._said.append(text if text.endswith("\n") else f"{text}\n")

    def tell(self, text: str) -> None:
        """Add one plain sentence, which may name what others wrote."""
        self.say(self.screen.fit(text))

    def view(self, text: str) -> None:
        """Add lines that may go through a pager when they are longer than the screen."""
        self.paged = True
        self.say(text)

    def document(self, content: bytes) -> None:
        """Add one JSON document or CSV table, for programs."""
        self.say(content.decode())

    @property
    def said(self) -> str:
        return "".join(self._said)

    def set_color(self, when: ColorWhen) -> None:
        self.screen = self.screen.with_color(when, self.environ)

    def open_app(self, *, writing: bool) -> App:
        """Read the configuration and open the store. Raises ConfigFaults and StoreError."""
        from monitor import app

        self.set_up_log()
        return self.known(app.open_app(self.config, self.environ, writing=writing))

    @contextmanager
    def open_locked(self) -> Iterator[tuple[App, Holder]]:
        """As `open_app` for writing, holding the run's lock. Raises LockHeld at once if another run has it."""
        from monitor import app

        self.set_up_log()
        with app.open_locked(self.config, self.environ) as (opened, holder):
            yield self.known(opened), holder

    def set_up_log(self) -> None:
        """Send the log to stderr as the options say."""
        from monitor.cli import logs

        logs.set_up(self.log_format, verbose=self.verbose)

    @staticmethod
    def known(opened: App) -> App:
        """From here on the configuration's secrets are redacted wherever they would be printed."""
        from monitor.cli import logs

        logs.hide(opened.settings.secrets)
        return opened


pass_context = click.make_pass_decorator(Context)
