"""Who can join: the criteria under their headings, sex, ages, volunteers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monitor.model.sections import Criterion, Eligibility
from monitor.sources.ctv.labels import AGES, CRITERIA, EXCLUSION, INCLUSION, SEX, VOLUNTEERS
from monitor.sources.ctv.sections import Piece, Sections
from monitor.sources.ctv.values import Unknown, read_ages, read_volunteers
from monitor.text.criteria import CriteriaTree, parse_criteria

_MARKERS = frozenset("*-•·◦▪o–")


def read_eligibility(sections: Sections, unknown: Unknown) -> Eligibility:
    """The section from its labels; `raw` is both lists as Markdown, the same whatever the page's markup was."""
    minimum, maximum = read_ages(" ".join(sections.values(AGES)[:1]), unknown)
    tree = parse_criteria(_both_lists(sections))
    return Eligibility(
        sex=unknown.code("eligibility.sex", next(iter(sections.values(SEX)), None)),
        minimum_age=minimum,
        maximum_age=maximum,
        healthy_volunteers=read_volunteers(" ".join(sections.values(VOLUNTEERS)[:1]), unknown),
        inclusion=tree.inclusion,
        exclusion=tree.exclusion,
        other=tree.other,
        raw=_raw(tree) or None,
    )


def _both_lists(sections: Sections) -> str:
    combined = markdown(sections.pieces(CRITERIA))
    parts = [combined] if combined else []
    for label, heading in ((INCLUSION, "Inclusion Criteria:"), (EXCLUSION, "Exclusion Criteria:")):
        if label in sections:
            parts.append(f"{heading}\n\n{markdown(sections.pieces(label))}")
    return "\n\n".join(parts)


def markdown(pieces: Sequence[Piece]) -> str:
    """Lines with their list markers and indentation, as plain Markdown."""
    return "\n".join(_lines(pieces)).strip("\n")


def _lines(pieces: Sequence[Piece]) -> Iterator[str]:
    waiting = ""  # a number or bullet that stands in a cell of its own
    for piece in pieces:
        text = piece.text.strip()
        if _is_marker(text):
            waiting = f"{text.rstrip('.)')}. " if text.rstrip(".)").lstrip("(").isdigit() else "* "
            continue
        if piece.line.loose and not waiting and not piece.line.marker:
            yield ""
        yield " " * piece.line.indent + (waiting or piece.line.marker) + text
        waiting = ""


def _is_marker(text: str) -> bool:
    return text in _MARKERS or (len(text) <= 4 and text.rstrip(".)").lstrip("(").isdigit())  # noqa: PLR2004 ("(12)")


def _raw(tree: CriteriaTree) -> str:
    titled = (("", tree.other), ("Inclusion Criteria:", tree.inclusion), ("Exclusion Criteria:", tree.exclusion))
    return "\n\n".join(f"{title}\n\n{chr(10).join(_render(nodes, 0))}".strip() for title, nodes in titled if nodes)


def _render(nodes: Sequence[Criterion], depth: int) -> Iterator[str]:
    for node in nodes:
        yield f"{'   ' * depth}* {node.text}"
        yield from _render(node.children, depth + 1)
