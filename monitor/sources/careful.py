"""Parsing what nobody foresaw: a body that breaks a parser is no record, and breaks nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable

from monitor.errors import NotARecord
from monitor.model.record import TrialRecord
from monitor.model.watch import RecordKey

log = logging.getLogger(__name__)


def read_carefully(key: RecordKey, read: Callable[[], TrialRecord]) -> TrialRecord:
    """What `read` makes of a fetched body. Raises NotARecord, and that alone, so that the body is kept aside."""
    try:
        return read()
    except NotARecord:
        raise
    except Exception as fault:
        log.exception("a body broke its parser", extra={"record": str(key)})
        why = f"This program met a fault of its own in reading it ({type(fault).__name__}); its log has the details."
        raise NotARecord((why,)) from fault
