"""How often a registry that fails is asked again within one pass."""

from __future__ import annotations

from monitor.egress.fetched import Fetched, Fetcher
from monitor.errors import FetchFailed

MOST_FAILURES = 3
"""After so many failures in a row the rest of a pass is not asked for: an outage is not worth a time-out a trial."""

_SERVER_FAULT = 500


class Patience:
    """A Fetcher that asks through another one until that one has failed too often in a row."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._failures = 0

    async def get(self, url: str, *, accept: str) -> Fetched:
        """As `Fetcher.get`; raises FetchFailed at once when patience has run out."""
        if self._failures >= MOST_FAILURES:
            raise FetchFailed(
                f"ClinicalTrials.gov failed {MOST_FAILURES} times in a row; the rest is asked for in the next pass."
            )
        try:
            fetched = await self._fetcher.get(url, accept=accept)
        except FetchFailed:
            self._failures += 1
            raise
        self._failures = self._failures + 1 if fetched.status >= _SERVER_FAULT else 0
        return fetched
