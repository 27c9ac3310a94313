"""Eligibility text as a tree: inclusion, exclusion and the rest, cohort headings, items, sub-items."""

from __future__ import annotations

from dataclasses import dataclass, field

from monitor.model.sections import Criterion
from monitor.text.blocks import BULLET, LETTER, NUMBER, PARAGRAPH, WEAK_BULLET, Block, cut_blocks
from monitor.text.headings import Heading, SectionName, is_group, is_heading, says_section, split_at_headings

_DEEPEST = 8
_JOINTS = frozenset({"and", "or", "and/or"})
_RANK = {BULLET: 0, NUMBER: 0, LETTER: 1, WEAK_BULLET: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteriaTree:
    """What a text asks for, what it rules out, and what it does not assign to either."""

    inclusion: tuple[Criterion, ...] = ()
    exclusion: tuple[Criterion, ...] = ()
    other: tuple[Criterion, ...] = ()


@dataclass(slots=True)
class _Node:
    text: str
    heading: bool = False
    children: list[_Node] = field(default_factory=list)


@dataclass(slots=True)
class _Level:
    """A list that is open: where its markers stand, what they are, and its last item."""

    indent: int
    kind: str
    node: _Node
    siblings: list[_Node]


def parse_criteria(raw: str) -> CriteriaTree:
    """Cut a criteria text (Markdown, numbered, bulleted, wrapped plain text or HTML) into its items.

    Nothing is lost but bullets, numbers and the headings of the two sections. What stands under no such heading is
    `other`; before a text's only section, the exclusion criteria, it is inclusion.
    """
    sections = _Builder(list(split_at_headings(cut_blocks(raw)))).build()
    return CriteriaTree(**{name: _freeze(nodes) for name, nodes in sections.items()})


def _freeze(nodes: list[_Node]) -> tuple[Criterion, ...]:
    return tuple(Criterion(text=node.text, children=_freeze(node.children), heading=node.heading) for node in nodes)


class _Builder:
    """Puts blocks, one after another, where they belong in the three sections."""

    def __init__(self, blocks: list[tuple[Block, Heading | None]]) -> None:
        self._blocks = blocks
        self._explicit = {heading.section for _, heading in blocks if heading}
        self._sections: dict[str, list[_Node]] = {"inclusion": [], "exclusion": [], "other": []}
        self._section: SectionName = "inclusion" if self._explicit == {"exclusion"} else "other"
        self._container = self._sections[self._section]
        self._levels: list[_Level] = []
        self._group: str | None = None  # a cohort's heading that stands above the headings of the sections
        self._told: set[SectionName] = set()  # sections of that cohort so far

    def build(self) -> dict[str, list[_Node]]:
        for n, (block, heading) in enumerate(self._blocks):
            following, opens = self._blocks[n + 1] if n + 1 < len(self._blocks) else (None, None)
            if heading:
                if heading.section == "other" and n and self._blocks[n - 1][1]:
                    continue  # "The main inclusion and exclusion criteria are:" under the heading of one of them
                self._open_section(heading)
            elif block.kind is not PARAGRAPH:
                self._add_item(block)
            else:
                self._add_paragraph(block, None if opens else following, opens)
        return self._sections

    def _open_section(self, heading: Heading) -> None:
        if heading.section in self._told:
            self._group = None
        self._told.add(heading.section)
        self._enter(heading.section)
        for label in (self._group, heading.label):
            if label:
                self._open_heading(label)

    def _enter(self, section: SectionName) -> None:
        self._section = section
        self._container = self._sections[section]
        self._levels = []

    def _open_heading(self, label: str) -> None:
        node = _Node(label.rstrip(" :："), heading=True)
        self._container.append(node)
        self._container = node.children
        self._levels = []

    def _add_paragraph(self, block: Block, following: Block | None, opens: Heading | None) -> None:
        heads = is_heading(block.text, following, loose=block.loose)
        listed = heads and bool(following and following.kind)
        parent = self._parent_of(block)
        if parent and not (listed and following and following.indent < block.indent):
            _continue(parent, block.text)
        elif joined := self._joins(block.text):
            _continue(joined, block.text)
        elif (unfinished := self._unfinished()) and not listed:
            _continue(unfinished, block.text)
        elif opens and (
            is_heading(block.text, block, loose=True) and (block.text.endswith(":") or is_group(block.text))
        ):
            self._group, self._told = block.text, set()
        elif self._says(block) or heads:
            self._head(block)
        elif following and following.kind and block.text.endswith(":"):
            self._lead_in(block)
        else:
            self._container.append(_Node(block.text))
            self._levels = []

    def _says(self, block: Block) -> bool:
        """Whether the paragraph opens, in words, a section that no heading opens."""
        section = says_section(block.text)
        return bool(section) and section not in self._explicit and section != self._section

    def _head(self, block: Block) -> None:
        section = says_section(block.text)
        if section and section not in self._explicit and section != self._section:
            self._enter(section)
        else:
            self._container = self._sections[self._section]
        self._open_heading(block.text)

    def _lead_in(self, block: Block) -> None:
        node = _Node(block.text)
        self._container.append(node)
        self._levels = [_Level(-2, PARAGRAPH, node, self._container)]

    def _parent_of(self, block: Block) -> _Node | None:
        """The item whose text an unmarked paragraph stands under."""
        return next((lv.node for lv in reversed(self._levels) if lv.kind and block.indent > lv.indent + 1), None)

    def _joins(self, text: str) -> _Node | None:
        """The item that an "OR" on a line of its own joins to the next one."""
        return self._levels[0].node if self._levels and text.strip(":").casefold() in _JOINTS else None

    def _unfinished(self) -> _Node | None:
        """The last item, if it ends with a colon and nothing follows it yet."""
        if not self._levels or not self._levels[-1].kind:
            return None
        last = self._levels[-1].node
        return last if last.text.endswith(":") and not last.children else None

    def _add_item(self, block: Block) -> None:
        node = _Node(block.text)
        self._close_levels(block)
        if self._levels and self._is_deeper(block, self._levels[-1]) and len(self._levels) < _DEEPEST:
            parent = self._levels[-1].node
            self._levels.append(_Level(block.indent, block.kind, node, parent.children))
        elif self._levels:
            self._levels[-1].node = node
        else:
            self._levels.append(_Level(block.indent, block.kind, node, self._container))
        self._levels[-1].siblings.append(node)

    def _close_levels(self, block: Block) -> None:
        """Close the lists that a marker at this place ends."""
        levels = self._levels
        while len(levels) > 1 and block.indent < levels[-1].indent - 1:
            levels.pop()
        here = [n for n, level in enumerate(levels) if abs(level.indent - block.indent) <= 1]
        same = [n for n in here if levels[n].kind == block.kind]
        if same:
            del levels[same[-1] + 1 :]
        elif len(here) > 1 and _RANK[block.kind] < _RANK.get(levels[-1].kind, 0):
            del levels[here[0] + 1 :]

    @staticmethod
    def _is_deeper(block: Block, level: _Level) -> bool:
        if block.indent > level.indent + 1:
            return True
        if block.kind == level.kind or block.indent < level.indent - 1:
            return False
        if level.kind is LETTER and block.loose:
            return True  # "A) Patients with asthma" over a list of its own
        return _RANK[block.kind] > _RANK[level.kind] or level.node.text.endswith(":")


def _continue(node: _Node, text: str) -> None:
    """A paragraph under an item goes on with it; after its sub-items, or a colon, it is one of them."""
    if node.children or node.text.endswith(":"):
        node.children.append(_Node(text))
    else:
        node.text = f"{node.text} {text}"
