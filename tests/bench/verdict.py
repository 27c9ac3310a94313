"""Whether a pass found every edit with its old and new value, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson


def faults(report: Mapping[str, Any], edits: Sequence[Mapping[str, str]]) -> list[str]:
    """What the JSON of `check` leaves out or adds, a sentence each."""
    by_trial: dict[str, list[Mapping[str, Any]]] = {}
    for change in report["changes"]:
        by_trial.setdefault(change["registry_id"], []).append(change)
    found = [f"{edit['trial']}: {edit['category']} not found" for edit in edits if not _told(edit, by_trial)]
    edited = {edit["trial"] for edit in edits}
    found += [f"{trial}: told without reason" for trial in by_trial if trial not in edited]
    coverage = report["coverage"]
    if coverage["checked"] != coverage["due"]:
        found.append(f"{coverage['checked']} of {coverage['due']} trials checked")
    return found


def _told(edit: Mapping[str, str], by_trial: Mapping[str, Sequence[Mapping[str, Any]]]) -> bool:
    return any(
        change["category"] == edit["category"]
        and edit["before"] in _text(change["before"])
        and edit["after"] in _text(change["after"])
        for change in by_trial.get(edit["trial"], ())
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()
