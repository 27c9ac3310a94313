"""Which names of contacts are those of a line or an office, and of no person.

Where that is not sure the name counts as a person's.
"""

from __future__ import annotations

import re
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*")
_PHRASE: Final = re.compile(
    r"toll[ -]?free|(?:call|contact|information|trials?) cent(?:er|re)|hot ?line|help ?(?:line|desk)|info ?line"
    r"|(?:clinical )?(?:trials?|research) (?:information|office|unit|department|inquir|enquir|contact|team|support)"
    r"|medical information|study contact",
    re.IGNORECASE,
)
_LINE: Final = frozenset(
    {
        "a", "access", "an", "and", "applicable", "at", "call", "center", "central", "centre", "client", "clinical",
        "communication", "contact", "contacts", "customer", "department", "desk", "development", "disclosure",
        "disclosures", "email", "enquiries", "enquiry", "for", "free", "general", "global", "group", "health", "help",
        "helpdesk", "helpline", "hotline", "info", "information", "inquiries", "inquiry", "international", "line",
        "local", "main", "management", "medical", "na", "no", "not", "number", "of", "office", "only", "operations",
        "patient", "patients", "phone", "please", "point", "program", "project", "protocol", "provided", "public",
        "recruitment", "reference", "registries", "registry", "research", "s", "science", "see", "service", "services",
        "site", "study", "support", "tbd", "team", "telephone", "the", "this", "to", "toll", "transparency", "trial",
        "trials", "u", "unit", "us", "usa", "use", "website",
    }
)  # fmt: skip
_ROLE: Final = frozenset(
    {
        "assistant", "associate", "backup", "chair", "chief", "clinician", "coordinator", "coordinators", "director",
        "head", "investigator", "lead", "leader", "liaison", "manager", "monitor", "navigator", "nurse", "officer",
        "official", "physician", "primary", "principal", "representative", "responsible", "secondary", "sponsor",
        "staff", "sub",
    }
)  # fmt: skip


_FEW: Final = 2  # words: more may be a person's name and the company's
_COMPANY: Final = re.compile(
    r"(?<!\w)(?:inc|llc|ltd|limited|gmbh|corp|corporation|pharma|pharmaceuticals?|biopharma|therapeutics"
    r"|university|hospital|institute)(?!\w)",
    re.IGNORECASE,
)


_ENDINGS: Final = frozenset({"ag", "bv", "co", "company", "kg", "kk", "nv", "plc", "sa", "sas", "se", "spa"})


def is_line(name: str) -> bool:
    """True for a line that is nobody's own: "Toll Free Number", "BMS Clinical Trials Contact Center".

    Beside the words of lines and offices one word in capitals may stand (a company), if they are those of a line.
    """
    others = _others(name)
    if not others:
        return bool(_WORD.search(name))
    company = len(others) == 1 and others[0].isupper() and others[0].isalpha()
    return company and _PHRASE.search(name) is not None


def names_nobody(name: str) -> bool:
    """True for a line, a company and a mere role ("Study Director"): somebody stands behind it, and is not named."""
    others = _others(name)
    company = len(others) <= _FEW and _COMPANY.search(name) is not None
    return is_line(name) or company or all(word.casefold() in _ROLE for word in others)


def without_company(words: frozenset[str]) -> frozenset[str]:
    """The words of a company's name without those that say that it is one."""
    return frozenset(word for word in words if not _COMPANY.fullmatch(word) and word not in _ENDINGS)


def _others(name: str) -> list[str]:
    return [word for word in _WORD.findall(name) if word.casefold() not in _LINE and not word.isdigit()]
