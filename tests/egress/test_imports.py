"""What starting up costs: a run from cron pays for each library that is loaded."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


def loaded_by(statement: str) -> set[str]:
    """The top-level modules, and those of httpx, that a fresh interpreter has loaded after a statement."""
    code = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(json.loads(done.stdout))


def test_what_sources_import_knows_no_http_library() -> None:
    loaded = loaded_by("import monitor.egress.fetched, monitor.egress.policy, monitor.egress.address")
    assert not loaded & {"httpx", "httpcore", "anyio", "ssl", "asyncio", "stamina"}


def test_the_client_loads_no_tool_for_the_command_line_and_no_second_client() -> None:
    loaded = loaded_by("import monitor.egress.client")
    assert "httpx" in loaded
    assert not loaded & {"httpx._main", "rich", "pygments", "click", "urllib3", "requests", "apprise", "structlog"}


@pytest.mark.parametrize("first", ["import httpx", "import monitor.egress.library"])
def test_httpx_stays_what_it_is_for_everybody_else(first: str) -> None:
    loaded = loaded_by(f"{first}\nimport monitor.egress.library, httpx, rich\nassert httpx.AsyncClient")
    assert {"httpx", "rich"} <= loaded
