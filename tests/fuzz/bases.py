"""The records that are damaged: registry documents, and study pages drawn from them in the words of real pages."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import orjson

from tests.fuzz.drawn import content_of_study
from tests.planted.studies import recorded_studies, repository_studies
from tests.sources_ctv.skins import WITH_NUMBER, Content, content_of

LARGEST: Final = 60_000  # bytes of a document: larger ones are few, and cost what ten others do


@lru_cache(maxsize=1)
def documents() -> Sequence[tuple[str, bytes]]:
    """NCT number and study document: of the recorded corpora where they are at hand, else of this repository."""
    named = os.environ.get("TRIAL_MONITOR_CORPORA")
    studies = recorded_studies(Path(named)) if named else repository_studies()
    packed = ((number, orjson.dumps(study)) for number, study in sorted(studies.items()))
    return [(number, content) for number, content in packed if len(content) <= LARGEST]


@lru_cache(maxsize=1)
def contents() -> Sequence[tuple[str, Content]]:
    """NCT number and what a study page says of the trial: a recorded page, and those drawn from documents."""
    drawn = ((number, content_of_study(orjson.loads(content))) for number, content in documents())
    real = content_of(WITH_NUMBER)
    return [("NCT04762485", real), *((number, page) for number, page in drawn if page)]
