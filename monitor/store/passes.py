"""What each pass covered."""

from __future__ import annotations

from sqlalchemy import select

from monitor.model.coverage import Coverage, Outcome, Problem, SourceUse
from monitor.store.tables import passes
from monitor.store.transaction import AnyRow, Tx
from monitor.store.types import member


def add(tx: Tx, coverage: Coverage) -> int:
    """Its id."""
    uses = {
        name: {"data_timestamp": use.data_timestamp, "requests": use.requests} for name, use in coverage.sources.items()
    }
    values = {
        "started_at": coverage.started_at,
        "finished_at": coverage.finished_at,
        "outcomes": {outcome.value: number for outcome, number in coverage.outcomes.items()},
        "sources": uses,
        "problems": [[problem.watch, problem.kind, problem.message] for problem in coverage.problems],
    }
    number: int = tx.run(passes.insert().values(values).returning(passes.c.id)).scalar_one()
    return number


def latest(tx: Tx) -> Coverage | None:
    found = recent(tx, 1)
    return found[0] if found else None


def recent(tx: Tx, limit: int) -> tuple[Coverage, ...]:
    """Latest first."""
    return tuple(_coverage(row) for row in tx.run(select(passes).order_by(passes.c.id.desc()).limit(limit)))


def _coverage(row: AnyRow) -> Coverage:
    return Coverage(
        started_at=row.started_at,
        finished_at=row.finished_at,
        outcomes={member(Outcome, name): number for name, number in row.outcomes.items()},
        sources={name: SourceUse(**use) for name, use in row.sources.items()},
        problems=tuple(Problem(watch=watch, kind=kind, message=text) for watch, kind, text in row.problems),
    )
