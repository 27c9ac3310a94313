"""One door for bodies of every source, and what is loaded to pass it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from monitor.errors import NotARecord
from monitor.model.reading import Body
from monitor.model.watch import RecordKey
from monitor.sources import normalise

PAYLOAD = Path(__file__).parents[1] / "payloads" / "ctgov" / "NCT06926543.json"

READ_ONE = """
import sys
from monitor.model.reading import Body
from monitor.sources import detect, normalise
body = Body(content=open(sys.argv[1], "rb").read(), media_type="application/json")
assert normalise(detect(body), body).registry_id == "NCT06926543"
print(" ".join(sorted({name.split(".")[0] for name in sys.modules} & set(sys.argv[2:]))))
"""

READ_CLIENT = (
    "import sys, monitor.sources.ctgov.client; print(' '.join(sorted({'selectolax', 'httpx'} & set(sys.modules))))"
)


def run(*arguments: str) -> str:
    done = subprocess.run([sys.executable, "-c", *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_a_study_of_the_registry_is_read_without_loading_what_pages_need() -> None:
    assert run(READ_ONE, str(PAYLOAD), "selectolax", "httpx", "sqlalchemy", "rapidfuzz") == ""


def test_asking_the_registry_loads_no_page_parser_and_no_http_library() -> None:
    assert run(READ_CLIENT) == ""


def test_a_stored_body_must_be_that_of_its_record() -> None:
    body = Body(content=PAYLOAD.read_bytes(), media_type="application/json")
    assert normalise(RecordKey(source="ctgov", source_id="NCT06926543"), body).registry_id == "NCT06926543"
    with pytest.raises(NotARecord, match="The body is the record of NCT06926543, not of NCT01234567"):
        normalise(RecordKey(source="ctgov", source_id="NCT01234567"), body)


def test_the_address_is_the_public_page_unless_it_is_given() -> None:
    body = Body(content=PAYLOAD.read_bytes(), media_type="application/json")
    assert normalise("ctgov", body).url == "https://clinicaltrials.gov/study/NCT06926543"
    assert normalise("ctgov", body, url="https://example.org/x").url == "https://example.org/x"


@pytest.mark.parametrize("content", [b"", b"<!doctype html><title>Sign in</title>", b'{"protocolSection": {}}'])
def test_what_is_no_record_of_a_source_is_refused_by_it(content: bytes) -> None:
    for source in ("ctgov", "ctv"):
        with pytest.raises(NotARecord) as fault:
            normalise(source, Body(content=content, media_type="text/html"))
        assert fault.value.reasons


def test_a_body_that_a_person_vouches_for_may_be_incomplete_but_not_unreadable() -> None:
    key = RecordKey(source="ctgov", source_id="NCT06926543")
    study = orjson.loads(PAYLOAD.read_bytes())
    whole = Body(content=orjson.dumps(study), media_type="application/json")
    assert normalise(key, whole, complete=False) == normalise(key, whole)
    del study["protocolSection"]["descriptionModule"]
    cut = Body(content=orjson.dumps(study), media_type="application/json")
    with pytest.raises(NotARecord):
        normalise(key, cut)
    assert normalise(key, cut, complete=False).description.brief_summary is None
    for content in (b"{}", b"<html>", whole.content[:100], b'{"protocolSection": []}', b'{"protocolSection": [1]}'):
        with pytest.raises(NotARecord):
            normalise(key, Body(content=content, media_type="application/json"), complete=False)
