"""How people name a trial, read; and the public addresses that we show them in return."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import SplitResult, quote, unquote, urlsplit

from monitor.errors import BadReference
from monitor.model.record import SourceName
from monitor.model.watch import RecordKey, Reference

REGISTRY_SITE = "https://clinicaltrials.gov"
PAGE_SITE = "https://ctv.veeva.com"
SITE_NAMES: dict[SourceName, str] = {"ctgov": "ClinicalTrials.gov", "ctv": "ClinicalTrials.Veeva"}

_LONGEST = 2000  # characters; an address that is longer names no trial
_SHOWN = 80  # characters of the user's text that a message repeats
_REGISTRY_HOSTS = frozenset({"clinicaltrials.gov", "classic.clinicaltrials.gov", "beta.clinicaltrials.gov"})
_PAGE_HOSTS = frozenset({"ctv.veeva.com"})

_NUMBER = re.compile(r"NCT[0-9]{8}")
_ALMOST = re.compile(r"NCT[^A-Z0-9]*([0-9]*)")
_IN_TEXT = re.compile(
    r"(?<![a-z0-9])nct(?:[ \u00a0\t_:#-]{0,2})(?P<digits>[0-9]{8})(?![0-9])"
    r"|(?<![\w.@-])(?:www\.)?ctv\.veeva\.com/study/(?P<slug>[\w.~%-]+)",
    re.IGNORECASE,
)
_SLUG = re.compile(r"\w[\w.~-]*")
_OTHER_REGISTRIES = (
    (re.compile(r"ISRCTN\s*[0-9]+"), "the ISRCTN registry"),
    (re.compile(r"(?:EUCTR)?[0-9]{4}-[0-9]{6}-[0-9]{2}(?:-[A-Z0-9]+)*"), "a European register"),
    (re.compile(r"ACTRN[0-9]+P?"), "the Australian New Zealand registry"),
    (re.compile(r"CHICTR[-0-9A-Z]+"), "the Chinese registry"),
    (re.compile(r"DRKS[0-9]+"), "the German registry"),
    (re.compile(r"JRCTS?[0-9]+|UMIN[0-9]+|JPRN-\S+"), "a Japanese registry"),
)
_WOULD_DO = "An NCT number such as NCT04762485, or the address of a study page, would do."


def parse_reference(text: str) -> Reference:
    """Read a user's REF: an NCT number, or the address of a study at ClinicalTrials.gov or ClinicalTrials.Veeva.

    Case, spaces, tracking parameters and the shape of the address do not matter; `Reference.text` is the form that
    it is kept as. Raises BadReference, which says what is wrong and what would do.
    """
    plain = _plain(text)
    if not plain:
        raise BadReference(f"The reference is empty. {_WOULD_DO}")
    if len(plain) > _LONGEST:
        raise BadReference(f"{_shown(plain)} is too long to name a trial. {_WOULD_DO}")
    if plain.casefold().startswith("search:"):
        raise BadReference(f"Saved searches cannot be watched yet. {_WOULD_DO}")
    address = _address(plain)
    return _of_number(_number(plain)) if address is None else _of_address(address, plain)


def find_references(text: str) -> tuple[Reference, ...]:
    """Every NCT number and every address of a ctv study page in any text, each once, in order of appearance."""
    found: dict[RecordKey, Reference] = {}
    for match in _IN_TEXT.finditer(text):
        reference = _found(match)
        if reference is not None:
            found.setdefault(reference.key, reference)
    return tuple(found.values())


def registry_url(nct: str) -> str:
    """The public page of a trial at ClinicalTrials.gov."""
    return f"{REGISTRY_SITE}/study/{quote(nct)}"


def history_url(nct: str) -> str:
    """The registry's own list of the versions of a trial."""
    return f"{registry_url(nct)}?tab=history"


def compare_url(nct: str, a: int, b: int) -> str:
    """The registry's own comparison of two versions of its history (1-based)."""
    return f"{history_url(nct)}&a={a}&b={b}#version-content-panel"


def page_url(slug: str) -> str:
    """The public page of a trial at ClinicalTrials.Veeva."""
    return f"{PAGE_SITE}/study/{quote(slug)}"


def public_url(key: RecordKey) -> str:
    """The public page of a record, whatever address it is fetched from."""
    return registry_url(key.source_id) if key.source == "ctgov" else page_url(key.source_id)


def is_number(text: str) -> bool:
    """True for an NCT number in the form that the registry gives out."""
    return bool(_NUMBER.fullmatch(text)) and text != "NCT00000000"


def number_in(text: str) -> str | None:
    """The one NCT number that a path or address names, or None."""
    numbers = set(_NUMBER.findall(text.upper()))
    return numbers.pop() if len(numbers) == 1 else None


def _plain(text: str) -> str:
    """Compatibility forms (full-width digits) undone, invisible and control characters out, one space at most."""
    folded = unicodedata.normalize("NFKC", text)
    kept = (c if unicodedata.category(c)[0] != "C" else " " if c in "\t\r\n" else "" for c in folded)
    return " ".join("".join(kept).split())


def _shown(plain: str) -> str:
    return f'"{plain}"' if len(plain) <= _SHOWN else f'"{plain[:_SHOWN]}…"'


def _address(plain: str) -> SplitResult | None:
    """The text as an address, if it is meant as one."""
    if "://" not in plain and not re.match(r"[\w.-]+\.[a-z]{2,}(?:[:/?#]|$)", plain, re.IGNORECASE):
        return None
    try:
        return urlsplit(plain if "://" in plain else f"https://{plain}")
    except ValueError as error:
        raise BadReference(f"{_shown(plain)} is no readable address. {_WOULD_DO}") from error


def _of_address(address: SplitResult, plain: str) -> Reference:
    if address.scheme.lower() not in ("http", "https") or "@" in address.netloc or " " in address.netloc:
        raise BadReference(f"{_shown(plain)} is not the address of a study page. {_WOULD_DO}")
    host = _host(address.netloc)
    if host in _REGISTRY_HOSTS:
        return _of_registry_path(address.path, plain)
    if host in _PAGE_HOSTS:
        return _of_page_path(address.path, plain)
    raise BadReference(
        f"{_shown(plain)} is on a site that is not watched. Study pages of clinicaltrials.gov and ctv.veeva.com are; "
        "an NCT number such as NCT04762485 would do as well."
    )


def _host(netloc: str) -> str:
    return re.sub(r":[0-9]*$", "", netloc.lower()).rstrip(".").removeprefix("www.")


def _of_registry_path(path: str, plain: str) -> Reference:
    number = number_in(unquote(path))
    if number is None:
        raise BadReference(
            f"{_shown(plain)} does not name one study of ClinicalTrials.gov. "
            "Its address ends in the NCT number, as in https://clinicaltrials.gov/study/NCT04762485."
        )
    return _of_number(number)


def _of_page_path(path: str, plain: str) -> Reference:
    parts = [unquote(part) for part in path.split("/") if part]
    slug = parts[1].lower() if len(parts) > 1 and parts[0].lower() == "study" else ""
    if not _SLUG.fullmatch(slug):
        raise BadReference(
            f"{_shown(plain)} is not a study page of ClinicalTrials.Veeva. "
            "Such an address begins with https://ctv.veeva.com/study/ and goes on with the trial's title."
        )
    return _of_slug(slug)


def _number(plain: str) -> str:
    """The NCT number that a text without address consists of."""
    packed = re.sub(r"[\s_:#-]+", "", plain).upper()
    if _NUMBER.fullmatch(packed):
        return packed
    raise BadReference(f"{_fault_of_number(plain, packed)} {_WOULD_DO}")


def _fault_of_number(plain: str, packed: str) -> str:
    if re.fullmatch(r"[0-9]{8}", packed):
        return f"{_shown(plain)} is a number without its letters; NCT{packed} may be meant."
    if len(set(_NUMBER.findall(packed))) > 1:
        return f"{_shown(plain)} names several trials; name them one by one."
    almost = _ALMOST.fullmatch(packed)
    if almost:
        return f"{_shown(plain)} is no NCT number: it has {len(almost[1])} digits where 8 are needed."
    for pattern, registry in _OTHER_REGISTRIES:
        if pattern.fullmatch(plain.upper()):
            return f"{_shown(plain)} is a number of {registry}, which is not watched."
    return f"{_shown(plain)} names no trial."


def _of_number(number: str) -> Reference:
    if number == "NCT00000000":
        raise BadReference(f"NCT00000000 is no number that the registry gives out. {_WOULD_DO}")
    return Reference(key=RecordKey(source="ctgov", source_id=number), text=number)


def _of_slug(slug: str) -> Reference:
    return Reference(key=RecordKey(source="ctv", source_id=slug), text=page_url(slug))


def _found(match: re.Match[str]) -> Reference | None:
    if match["digits"]:
        return _of_number(f"NCT{match['digits']}") if match["digits"] != "00000000" else None
    slug = unquote(match["slug"]).lower().rstrip(".~-")
    return _of_slug(slug) if _SLUG.fullmatch(slug) else None
