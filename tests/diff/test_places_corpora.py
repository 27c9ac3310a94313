"""Real lists of sites: a name garbled, shortened or added to is the same site; another hospital of the town is not."""

from __future__ import annotations

import gzip
import json
import random
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from monitor.diff.facilities import read_name
from monitor.diff.geography import same_zip, town_key
from monitor.diff.places import pair_sites
from monitor.model.people import Site
from tests.diff.conftest import study_record

Sites = tuple[Site, ...]
MOST = 300  # sites for each way to spell them
NEIGHBOURS = 60


def lists(corpora: Path) -> Iterator[Sites]:
    """The sites of each trial that has some."""
    with gzip.open(corpora / "v2_studies.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            sites = study_record(json.loads(line)["study"]).locations.sites
            if sites:
                yield sites


@pytest.fixture(scope="session")
def trials(corpora: Path) -> list[Sites]:
    found = list(lists(corpora))
    random.Random(1).shuffle(found)
    return found


def misread(encoding: str) -> Callable[[str], str]:
    """UTF-8 read as another encoding; bytes that it has no letter for are lost."""
    return lambda name: name.encode().decode(encoding, errors="ignore")


def without_accents(name: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))


def marked(mark: str) -> Callable[[str], str]:
    return lambda name: "".join(letter if letter.isascii() else mark for letter in name)


def shortened(name: str) -> str:
    for word, short in (("University", "Univ."), ("Hospital", "Hosp."), ("Center", "Ctr"), ("Saint", "St.")):
        name = name.replace(word, short)
    return name


SPELLINGS: dict[str, Callable[[str], str]] = {
    "read as Latin-1": misread("latin-1"),
    "read as Windows-1252": misread("cp1252"),
    "read as Windows-1250": misread("cp1250"),
    "accents dropped": without_accents,
    "question marks": marked("?"),
    "replacement characters": marked("\ufffd"),
    "letters lost": marked(""),
    "shortened": shortened,
    "capitals": str.upper,
    "department": lambda name: f"{name}, Department of Oncology",
    "legal form": lambda name: f"{name}, Inc.",
}


def is_one(before: Site, after: Site, others: Sites) -> bool:
    found = pair_sites([before, *others], [*others, after])
    return not found.removed


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_real_site_spelled_anew_is_the_same(trials: list[Sites], spelling: str) -> None:
    tried = missed = 0
    for sites in trials:
        site = next((each for each in sites if each.facility and not read_name(each.facility).unnamed), None)
        anew = SPELLINGS[spelling](str(site.facility)) if site else ""
        if site is None or anew == site.facility or tried == MOST:
            continue
        others = tuple(each for each in sites if each is not site)[:NEIGHBOURS]
        after = replace(site, facility=anew)
        tried += 1
        missed += not (is_one(site, after, others) and is_one(after, site, others))
    assert tried > MOST / 10
    assert missed <= tried * 0.02


def test_two_real_sites_of_one_town_are_two(trials: list[Sites]) -> None:
    merged: defaultdict[bool, list[bool]] = defaultdict(list)
    for sites in trials:
        towns: defaultdict[str, list[Site]] = defaultdict(list)
        for site in sites:
            if site.facility and not read_name(site.facility).unnamed:
                towns[town_key(site.city)].append(site)
        for one, other in (pair for town in towns.values() for pair in combinations(town[:6], 2)):
            if one.facility != other.facility:
                merged[bool(same_zip(one.zip, other.zip))].append(is_one(one, other, ()))
    assert min(map(len, merged.values())) > MOST / 2
    assert sum(merged[False]) <= 0.01 * len(merged[False])
    assert sum(merged[True]) <= 0.05 * len(merged[True])  # a clinic within a hospital may be its new name
