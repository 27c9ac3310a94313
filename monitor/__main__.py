"""`trial-monitor` and `python -m monitor`."""

from __future__ import annotations

import gc
import sys

from monitor.cli.group import main as run_command_line


def main() -> None:
    """Run the command line of this process and end with its exit code."""
    # What a registry answers are large trees without cycles: looking for cycles in them costs a tenth of a pass.
    gc.set_threshold(50_000, 20, 20)
    sys.exit(run_command_line())


if __name__ == "__main__":
    main()
