"""Printing: straight out, or through the reader's pager where the text is longer than the screen."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Mapping

from monitor.cli.terminal import Screen

DEFAULT_PAGER = "less -FRX"


def show(text: str, screen: Screen, environ: Mapping[str, str], *, paged: bool) -> None:
    """Print `text`. Raises BrokenPipeError if the reader of a pipe is gone."""
    if paged and screen.height is not None and text.count("\n") >= screen.height and _page(text, environ):
        return
    sys.stdout.write(text)


def _page(text: str, environ: Mapping[str, str]) -> bool:
    """True if a pager took the text. PAGER= (empty) or `cat` means no pager."""
    command = shlex.split(environ.get("PAGER", DEFAULT_PAGER))
    if not command or command == ["cat"]:
        return False
    try:
        pager = subprocess.Popen(  # noqa: S603 (the reader's own choice of program, without a shell)
            command,
            stdin=subprocess.PIPE,
            encoding=sys.stdout.encoding,
            errors="replace",
            env={"LESS": "FRX", **environ},
        )
    except OSError:
        return False
    _feed(pager, text)
    return True


def _feed(pager: subprocess.Popen[str], text: str) -> None:
    """Hand the text over and wait; a reader who leaves early, or presses Ctrl-C in the pager, ends nothing else."""
    try:
        pager.communicate(text)
    except BrokenPipeError:
        pager.wait()
    except KeyboardInterrupt:
        while pager.poll() is None:
            try:
                pager.wait()
            except KeyboardInterrupt:
                continue
