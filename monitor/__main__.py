"""`trial-monitor` and `python -m monitor`."""

from __future__ import annotations

import sys

from monitor.cli.group import main as run_command_line


def main() -> None:
    """Run the command line of this process and end with its exit code."""
    sys.exit(run_command_line())


if __name__ == "__main__":
    main()
