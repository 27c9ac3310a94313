"""What a source gets when it asks for a page. Knows no HTTP library, so that other ways to fetch can join."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A complete answer of any status. `headers` has lower-case names; `body` is decoded; `fetched_at` is UTC."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    fetched_at: datetime


class Fetcher(Protocol):
    """Something that can ask for a page."""

    async def get(self, url: str, *, accept: str) -> Fetched:
        """Ask for `url` once, politely, and hand back the complete answer.

        Redirects come back as they are. 403 and 401 come back the first time and put the host to rest; so do 429 and
        503, unless the wait that they ask for was waited for.
        Raises FetchFailed, AddressRefused or HostResting.
        """
        ...
