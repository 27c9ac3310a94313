"""Runs command lines in forked children, so that a run costs no import and can be killed at any moment.

Reads a line of JSON (arguments, and after how many seconds to kill, or null), forks, and prints the child's exit code
(negative: the signal). The kill is sent before the child is waited for, so that its process id is still its own.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time

import monitor.daemon
import monitor.sources.ctgov.client
import monitor.sources.ctv.client  # noqa: F401 (loaded once, before the forks)
from monitor.cli import check, deliver  # noqa: F401 (as above)
from monitor.cli.group import main


def child(arguments: list[str]) -> None:
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):
        os.dup2(quiet, stream)
    code = 1
    try:
        code = main(arguments)
    finally:
        os._exit(code)


for line in sys.stdin:
    arguments, kill_after = json.loads(line)
    pid = os.fork()
    if pid == 0:
        child(arguments)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
