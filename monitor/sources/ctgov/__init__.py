"""ClinicalTrials.gov, API v2: the gate and the normaliser (pure), and the requests (`client`)."""

from monitor.sources.ctgov.raw import raw_hash
from monitor.sources.ctgov.record import normalise

__all__ = ["normalise", "raw_hash"]
