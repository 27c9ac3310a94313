"""Which lines of an eligibility text are headings: of the two sections, or of a cohort within them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from monitor.text.blocks import NUMBER, PARAGRAPH, Block

SectionName: TypeAlias = Literal["inclusion", "exclusion", "other"]

_LONGEST_SECTION = 140
_LONGEST_HEADING = 90
_HEADING_WORDS = 10
_LONGEST_LABEL = 100  # of a heading that goes on with text on the same line

_SECTION_WORD = re.compile(r"\b(?:(non)[-‐-―− ]?)?(in|ex)clusions?\b")
_WORD = re.compile(r"[a-z]+")
_FILLERS = frozenset(
    """
    a additional all and any are as basic be brief but by clinical common core crietria critera criteria
    criterias criterion criterions critiera eligibility enrollment enrolment ex exclusion exclusions following
    follows for full general generally important in include included includes including inclusion inclusions is
    key limited list main major minimum most non not of only or other overall participant participants patient
    patients primary principal protocol selected selection some specific specified study subject subjects
    summary the these to trial will with
    """.split()  # noqa: SIM905 (a list of words reads best as words)
)
_SENTENCE = re.compile(
    r"\b(?:meet|meets|meeting|met|fulfil|fulfill|fulfils|fulfills|fulfilled|satisf\w+|who|whose|does|do|did|see|per"
    r"|according|violat\w+|unless|if|has|have|had|listed|described|defined|above|must|should|can|cannot|may)\b"
)
_AT_AN_END = re.compile(
    r"\A(?:\W*\w+){0,3}?\W*(?:in|ex)clusions?(?:\s+criteri(?:a|on))?\b|(?:in|ex)clusions?(?:\s+criteri(?:a|on))?\W*\Z"
)
_LABEL_ENDS = re.compile(r"[:：]\s*|(?<=[a-z]a)\s+(?=\(?1[.)]\s)")
_MIDWAY = re.compile(
    r"(?:(?<=[.;!?)\]])\s*|(?<=\s))((?:(?:Key|Main|Major|KEY|MAIN)\s+)?"
    r"(?:Inclusion|Exclusion|INCLUSION|EXCLUSION)\s+(?:Criteria|CRITERIA)\s*[:：]"
    r"|(?<=[.;!?])\s+(?:Inclusion|Exclusion)\s*(?:criteria\s*)?[:：])"
)
_RUNNING = re.compile(r"(?<=\s)\(?(\d{1,2})[.)]\s+(?=[A-Za-z(≥≤<>])")
_SURE_RUN = 3  # numbers one after another that are no chance
_SHORT_HEADING = 3  # words; a longer line that ends with a full stop is a sentence
_FEW_WORDS = 4
_SENTENCE_END = (".", ";", ",", ":")

_RULES_OUT = re.compile(
    r"\b(?:exclu\w+|ineligible|not (?:be )?(?:eligible|included|enrolled|recruited)|must not|may not)\b"
)
_LETS_IN = re.compile(
    r"\b(?:inclu(?:ded|sion)|eligible|enrol\w+|recruited|must (?:meet|have|fulfil\w*|satisfy)|required)\b"
)
_GROUP = re.compile(
    r"(?:for\s+|the\s+|all\s+)?(?:\w+\s+){0,3}?(?:cohorts?|parts?|groups?|arms?|stages?|phases?|strat(?:um|a)|populations?"
    r"|sub-?stud(?:y|ies)|steps?|segments?|components?|portion|participants?|patients?|subjects?|volunteers?|controls?"
    r"|donors?|caregivers?|parents?|children|adults?|physicians?|clinicians?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a section. `label` is its whole text where it says more than that ("... for Cohort B")."""

    section: SectionName
    label: str | None


def read_section(text: str) -> Heading | None:
    """The section that a line opens, if it is the heading of one."""
    if len(text) > _LONGEST_SECTION:
        return None
    lowered = text.lower()
    if "clusion" not in lowered:
        return None
    names = {"exclusion" if non else f"{which}clusion" for non, which in _SECTION_WORD.findall(lowered)}
    if not names:
        return None
    section: SectionName = "other" if len(names) > 1 else "exclusion" if "exclusion" in names else "inclusion"
    words = _WORD.findall(lowered)
    if text.endswith(".") and len(words) > _SHORT_HEADING:
        return None
    if set(words) <= _FILLERS and not re.search(r"\d", text):
        return Heading(section, None)
    return _with_label(text, lowered, section)


def _with_label(text: str, lowered: str, section: SectionName) -> Heading | None:
    label = text.rstrip(" :：")
    if _SENTENCE.search(lowered) or not _AT_AN_END.search(lowered) or section == "other":
        return None
    short = len(label.split()) <= _HEADING_WORDS
    if text.endswith((":", "：")) or (short and not text.endswith((".", ";", ",")) and "criteria" in lowered):
        return Heading(section, label)
    return None


def says_section(text: str) -> SectionName | None:
    """The section that a lead-in announces in words ("Patients will be excluded if:"), for texts without headings."""
    if not text.endswith((":", "：")):
        return None
    lowered = text.lower()
    if _RULES_OUT.search(lowered):
        return "exclusion"
    return "inclusion" if _LETS_IN.search(lowered) else None


def is_group(text: str) -> bool:
    """Whether a line names a group of people ("Cohort B", "Part 2: dose expansion")."""
    return len(text) <= _LONGEST_HEADING and bool(_GROUP.match(text)) and not text.endswith((".", ";", ","))


def is_heading(text: str, following: Block | None, *, loose: bool) -> bool:
    """Whether an unmarked paragraph heads what follows; `following` None = the section ends here."""
    if len(text) > _LONGEST_HEADING or len(text.split()) > _HEADING_WORDS:
        return False
    if text.endswith((":", "：")):
        return following is not None
    if text.endswith((".", ";", ",")) or following is None or following.kind is PARAGRAPH:
        return text.isupper() and following is not None
    return loose and text[:1].isupper()


def split_at_headings(blocks: Sequence[Block]) -> Iterator[tuple[Block, Heading | None]]:
    """The blocks with headings on lines of their own, and lists that run on in one paragraph taken apart."""
    for n, block in enumerate(blocks):
        following = blocks[n + 1] if n + 1 < len(blocks) else None
        for piece in _midway(block):
            heading = read_section(piece.text)
            if heading and (not heading.label or _is_labelled(piece, following)):
                yield piece, heading
                continue
            label, rest = _split_label(piece)
            if label:
                yield piece, label
            for item in _running_items(rest):
                yield item, None


def _is_labelled(block: Block, following: Block | None) -> bool:
    """Whether a line that says more than the name of a section is its heading: it ends so, or a list follows it."""
    if block.text.endswith((":", "：")):
        return True
    _, colon, rest = block.text.partition(":")
    if block.kind is not PARAGRAPH:
        return False
    return not colon or is_group(rest.strip()) or bool(following and following.kind is not PARAGRAPH)


def _midway(block: Block) -> Iterator[Block]:
    if "lusion" not in block.text and "LUSION" not in block.text:
        yield block
        return
    ends = [found.start(1) for found in _MIDWAY.finditer(block.text) if _parts(block, found)]
    starts = [0, *ends]
    for start, end in zip(starts, [*ends, len(block.text)], strict=True):
        text = block.text[start:end].strip()
        if text:
            yield block if not start and end == len(block.text) else _piece(block, text, first=not start)


def _parts(block: Block, found: re.Match[str]) -> bool:
    """Whether words that look like a heading part a text: after a sentence, or after several words."""
    before = block.text[: found.start(1)].rstrip()
    if before.endswith((".", "!", "?", ")", "]")):
        return True
    return block.kind is PARAGRAPH and (before.endswith(";") or before.count(" ") >= _FEW_WORDS)


def _piece(block: Block, text: str, *, first: bool) -> Block:
    kind, number = (block.kind, block.number) if first else (PARAGRAPH, 0)
    return Block(block.indent, kind, number, text, block.text_indent, loose=block.loose or not first)


def _split_label(block: Block) -> tuple[Heading | None, Block]:
    """ "Inclusion criteria: adults" as the heading and what follows it on the same line."""
    if "clusion" not in block.text[:_LONGEST_LABEL].lower():
        return None, block
    found = _LABEL_ENDS.search(block.text[:_LONGEST_LABEL])
    if not found:
        return None, block
    heading = read_section(block.text[: found.start()] + ":")
    rest = block.text[found.end() :].strip()
    if not heading or not rest or (block.kind and heading.label):
        return None, block
    first = re.match(r"\(?1[.)]\s+", rest)
    kind, number = (NUMBER, 1) if first else (PARAGRAPH, 0)
    return heading, Block(
        block.indent, kind, number, rest[first.end() :] if first else rest, block.text_indent, loose=True
    )


def _running_items(block: Block) -> Iterator[Block]:
    """Items of a block whose numbers run on within it: "Adults 2. Consent 3. Diagnosis", whatever its own marker is."""
    cuts = _run(block.text) if block.kind is not PARAGRAPH else []
    starts = [0, *(cut.end() for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), len(block.text)]
    for offset, (start, end) in enumerate(zip(starts, ends, strict=True)):
        text = block.text[start:end].strip()
        number = block.number + offset if block.number else 0
        if text:
            yield Block(block.indent, block.kind, number, text, block.text_indent, block.loose) if cuts else block


def _run(text: str) -> list[re.Match[str]]:
    """The longest run of numbers from 2 upwards that surely number items; a run from 1 belongs to a sentence."""
    chains: dict[int, list[re.Match[str]]] = {}
    best: list[re.Match[str]] = []
    for found in _RUNNING.finditer(text):
        number = int(found[1])
        chain = [*chains.get(number - 1, ()), found]
        chains[number] = chain
        best = max(best, chain, key=len)
    if not best or int(best[0][1]) < 2:  # noqa: PLR2004 (the first item has the block's own marker)
        return []
    ended = [text[: found.start()].rstrip().endswith(_SENTENCE_END) for found in best]
    capital = [text[found.end()].isupper() for found in best]
    return best if ended[0] or len(best) >= _SURE_RUN or (len(best) > 1 and all(capital)) else []
