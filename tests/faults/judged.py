"""The judgement as the suite prints it: short lines, each with the name of its rule."""

from __future__ import annotations

from tests.faults.checker import judge
from tests.faults.evidence import Evidence

_MOST = 300


def judged(evidence: Evidence) -> list[str]:
    return [str(anomaly)[:_MOST] for anomaly in judge(evidence)]
