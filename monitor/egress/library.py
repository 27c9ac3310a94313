"""httpx without its command line.

`import httpx` also loads its command-line tool, with rich and pygments, wherever those are installed: 0.16 s of
0.27 s, paid by every run from cron. httpx does without the tool when it cannot be imported, so it is hidden meanwhile.
"""

from __future__ import annotations

import logging
import sys

import httpcore

_TOOL = "httpx._main"

if "httpx" not in sys.modules:
    sys.modules[_TOOL] = None  # type: ignore[assignment]  # None is how Python spells "not to be imported"
    try:
        import httpx
    finally:
        del sys.modules[_TOOL]
else:
    import httpx

# Their INFO lines print URLs, their DEBUG lines headers with a proxy's password.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

__all__ = ["httpcore", "httpx"]
