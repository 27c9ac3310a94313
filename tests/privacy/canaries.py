"""Canary persons in a study and on a page, and where their data may still stand."""

from __future__ import annotations

import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from copy import deepcopy
from pathlib import Path
from typing import Any

NAME, OTHER_NAME = "Zerlina Q. Canarybird", "Waldo Kingfisher"
PHONE, OTHER_PHONE = "+1 713-555-0142", "+1 713-555-0199"
EMAIL, OTHER_EMAIL = "zerlina.canarybird@hospital.example", "waldo.kingfisher@hospital.example"
CANARIES = ("Zerlina", "Canarybird", "713-555-0142", "713 555 0142", "7135550142", "zerlina.canarybird")
"""What no byte may hold of her, in any case."""

CHUNK = 256
STREAMS = re.compile(b"\x78[\x01\x5e\x9c\xda]")  # how what zlib packed begins


def with_canary(study: Any, *, phone: str = PHONE, title: str | None = None) -> Any:
    """The study with her as contact, official, contact of a site, responsible party, and in running text."""
    copy = deepcopy(study)
    section = copy["protocolSection"]
    places = section["contactsLocationsModule"]
    her = {"name": NAME, "role": "CONTACT", "phone": phone, "phoneExt": "4711", "email": EMAIL}
    him = {"name": OTHER_NAME, "role": "CONTACT", "phone": OTHER_PHONE, "email": OTHER_EMAIL}
    places["centralContacts"] = [her, him]
    places["overallOfficials"] = [
        {"name": "Zerlina Q. Canarybird, MD, PhD", "affiliation": "Hospital", "role": "PRINCIPAL_INVESTIGATOR"}
    ]
    places["locations"][0]["contacts"] = [her]
    section["sponsorCollaboratorsModule"]["responsibleParty"] = {
        "type": "PRINCIPAL_INVESTIGATOR",
        "investigatorFullName": "Zerlina Canarybird",
        "investigatorTitle": "Professor",
        "investigatorAffiliation": "Hospital",
    }
    section["descriptionModule"]["briefSummary"] = (
        "Write to Dr. Zerlina&nbsp;Canarybird (CANARYBIRD, Zerlina) "
        f"at {EMAIL.upper()} or call (713) 555-0142. It is safe."
    )
    if title:
        section["identificationModule"]["briefTitle"] = title
    return copy


def hits(content: bytes, words: Iterable[str] = CANARIES) -> set[str]:
    """Which of the words stand in the bytes, in any case, as UTF-8 or as UTF-16."""
    low = content.lower()
    return {
        word
        for word in words
        if word.lower().encode() in low
        or word.lower().encode("utf-16-le") in low
        or word.lower().encode("utf-16-be") in low
    }


def unpacked(content: bytes) -> Iterator[bytes]:
    """The bytes, and all that unpacks from any place in them: a stream in a free page counts, one cut short too."""
    yield content
    for found in STREAMS.finditer(content):
        yield _beginning(content, found.start())


def _beginning(content: bytes, start: int) -> bytes:
    """What unpacks from there on, up to where the stream ends or breaks off."""
    stream, told = zlib.decompressobj(), b""
    try:
        for at in range(start, len(content), CHUNK):
            told += stream.decompress(content[at : at + CHUNK])
            if stream.eof:
                break
    except zlib.error:
        pass
    return told


def scan_folder(folder: Path, words: Iterable[str] = CANARIES) -> dict[str, set[str]]:
    """By file name: which words can be read in the folder's files, packed or not."""
    found: dict[str, set[str]] = {}
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        for part in unpacked(path.read_bytes()):
            if said := hits(part, words):
                found.setdefault(path.name, set()).update(said)
    return found


def scan_rows(path: Path, words: Iterable[str] = CANARIES) -> dict[str, set[str]]:
    """By table and column: which words stand in the rows, unpacked where they are packed."""
    found: dict[str, set[str]] = {}
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            cursor = connection.execute(f"SELECT * FROM {table}")  # noqa: S608 (names of our own tables)
            names = [column[0] for column in cursor.description]
            for row in cursor:
                for name, value in zip(names, row, strict=True):
                    content = value if isinstance(value, bytes) else str(value).encode()
                    packed = isinstance(value, bytes) and STREAMS.match(value)
                    if said := hits(zlib.decompress(value) if packed else content, words):
                        found.setdefault(f"{table}.{name}", set()).update(said)
    return found
