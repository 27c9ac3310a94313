"""The criteria of thousands of real trials."""

from __future__ import annotations

import gzip
import html
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import orjson
import zstandard

from monitor.model.sections import Criterion
from monitor.text.blocks import cut_blocks
from monitor.text.clean import clean, fold
from monitor.text.criteria import parse_criteria
from monitor.text.headings import read_section

WORD = re.compile(r"[^\W\d_]{3,}")
HEADING_WORDS = frozenset(
    """
    additional and are but criteria criterion exclusion exclusions following for general iii include includes including
    inclusion inclusions key limited main major non not other patient patients protocol specific specified study subject
    subjects the viii with
    """.split()  # noqa: SIM905 (a list of words reads best as words)
)
ADDED = re.compile(
    r"\n?(?:Healthy volunteers (?:not )?allowed|Must have (?:minimum|maximum) age of .*|Must be (?:fe)?male.*|Key|Main)"
    r"\s*$",
    re.IGNORECASE,
)


def every(nodes: tuple[Criterion, ...]) -> Iterator[str]:
    for node in nodes:
        yield node.text
        yield from every(node.children)


def lines(path: Path) -> Iterator[bytes]:
    if path.suffix == ".gz":
        with gzip.open(path) as opened:
            yield from opened
    else:
        with path.open("rb") as packed, zstandard.ZstdDecompressor().stream_reader(packed) as stream:
            yield from io.BufferedReader(stream)


def registry_texts(corpora: Path) -> Iterator[str]:
    for name in ("v2_studies.jsonl.gz", "v2_changed_pairs.jsonl.gz"):
        for line in lines(corpora / name):
            module = orjson.loads(line)["study"].get("protocolSection", {}).get("eligibilityModule", {})
            if text := module.get("eligibilityCriteria"):
                yield text
    for line in lines(corpora / "ctgov_legacy_xml.jsonl.zst"):
        found = re.search(r"<criteria>\s*<textblock>(.*?)</textblock>", orjson.loads(line)["xml"], re.DOTALL)
        if found:
            yield html.unescape(found[1])


def test_no_word_of_any_trials_criteria_is_lost(corpora: Path) -> None:
    lost: Counter[str] = Counter()
    seen = 0
    for raw in registry_texts(corpora):
        tree = parse_criteria(raw)
        kept = Counter(
            word for text in every(tree.inclusion + tree.exclusion + tree.other) for word in WORD.findall(text)
        )
        lost += Counter(word.casefold() for word in (Counter(WORD.findall(clean(raw))) - kept).elements())
        seen += 1
    assert seen > 1000
    assert set(lost) <= HEADING_WORDS


def _unassigned(section: tuple[Criterion, ...], raw: str) -> tuple[int, int]:
    """How many blocks of a section's text are not in that section of the tree, and how many there are."""
    texts = [fold(text) for text in every(section)]
    known, joined = set(texts), " ".join(texts)
    blocks = [block for block in cut_blocks(raw) if not read_section(block.text)]
    missing = [b for b in blocks if fold(b.text) not in known and fold(b.text).rstrip(":") not in joined]
    return len(missing), len(blocks)


def test_nearly_all_items_stand_where_another_projects_cut_has_them(corpora: Path) -> None:
    """What is left are texts whose own headings that project did not see."""
    missing = total = 0
    for line in lines(corpora / "eligibility_text.jsonl.zst"):
        cut = orjson.loads(line)
        inclusion, exclusion = cut.get("inclusion_criteria") or "", cut.get("exclusion_criteria") or ""
        while (shorter := ADDED.sub("", inclusion)) != inclusion:
            inclusion = shorter
        if not inclusion or not exclusion:
            continue
        tree = parse_criteria(f"Inclusion Criteria:\n\n{inclusion}\n\nExclusion Criteria:\n\n{exclusion}")
        for section, raw in ((tree.inclusion, inclusion), (tree.exclusion, exclusion)):
            absent, blocks = _unassigned(section, raw)
            missing, total = missing + absent, total + blocks
    assert total > 100_000
    assert missing / total < 0.005
