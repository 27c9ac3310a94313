"""As whom a source is asked, unless the configuration says otherwise: the client library and the project.

Never the user. The library's own token comes first: reports of refused Python clients fit that best.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, metadata

from monitor import __version__


def default_user_agent(library: str, version: str) -> str:
    """For instance "python-httpx/0.28.1 trial-monitor/0.1.0 (+https://project.example)"."""
    url = _project_url()
    return f"python-{library}/{version} trial-monitor/{__version__}" + (f" (+{url})" if url else "")


@cache
def _project_url() -> str | None:
    """Once for a process: it reads a file and parses it."""
    try:
        urls = metadata("trial-monitor").get_all("Project-URL") or []
    except PackageNotFoundError:
        return None
    return next((str(entry).partition(",")[2].strip() for entry in urls), None)
