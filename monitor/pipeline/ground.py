"""What the conditions of rules need to know beside a change: where the sites of two versions are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from monitor.diff.geography import country_key
from monitor.errors import BodyPruned
from monitor.model.change import Category, Change
from monitor.model.place import Point, Points, TownName
from monitor.model.reading import Body
from monitor.model.version import RecordRow
from monitor.route.conditions import SitesNear
from monitor.route.matching import Ground
from monitor.route.rules import Rule
from monitor.sources import RECORD_TYPE
from monitor.store import versions
from monitor.store.transaction import Tx

BARE = Ground(country=country_key)


def ground_of(tx: Tx, row: RecordRow, rules: Sequence[Rule], changes: Iterable[Change], *looked: int | Body) -> Ground:
    """The ground of changes between versions that are given by number, or by body where they are not stored yet.

    Bodies are read only where a rule asks for a distance and a change lists sites. The points stand in the documents
    of the registry alone: a page has none, nor has a body that was pruned.
    """
    asked = any(isinstance(condition, SitesNear) for rule in rules for condition in rule.only)
    if not asked or row.key.source != "ctgov" or all(change.category is not Category.LOCATIONS for change in changes):
        return BARE
    bodies = [each if isinstance(each, Body) else _body(tx, row, each) for each in looked]
    return Ground(points=_points(body for body in bodies if body), country=country_key)


def _body(tx: Tx, row: RecordRow, number: int) -> Body | None:
    version = versions.get(tx, row.id, number)
    try:
        return versions.read_body(tx, version.body_digest) if version else None
    except BodyPruned:
        return None


def _points(bodies: Iterable[Body]) -> Points:
    from monitor.sources.ctgov.points import points_in

    found: dict[TownName, frozenset[Point]] = {}
    for body in bodies:
        for name, points in points_in(body.content).items() if body.media_type != RECORD_TYPE else ():
            found[name] = found.get(name, frozenset()) | points
    return found
