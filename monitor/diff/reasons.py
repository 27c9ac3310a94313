"""Why a trial stopped: classes by rule, from the record's own words."""

from __future__ import annotations

import re

_RULES = {
    "accrual": r"accru|enrol|recruit|inclusion rate|lack of (?:eligible )?(?:patients|participants|subjects)"
    r"|(?:few|insufficient|low number of|not enough|no) (?:eligible )?(?:patients|participants|subjects)",
    "safety": r"safety|toxicit|adverse|tolerab|death|harm|dose.limiting|risk.benefit|benefit.risk",
    "efficacy": r"futil|efficac|ineffective|lack of (?:effect|benefit|response)|no (?:clinical )?benefit"
    r"|endpoint.{0,20}not"
    r"|interim analys",
    "business": r"business|strateg|compan|commercial|portfolio|priorit|sponsor.{0,12}(?:decision|decid)"
    r"|development plan"
    r"|acquisition|bankrupt|discontinu\w+ (?:of )?(?:the )?(?:development|program)",
    "funding": r"fund|financ|budget|grant|money|sponsorship|resources",
    "logistics": r"logistic|staff|investigator.{0,20}(?:left|leav|mov|retire)|PI (?:left|moved)"
    r"|site clos|feasib|operational"
    r"|contract|relocat",
    "regulator": r"\bFDA\b|\bEMA\b|\bMHRA\b|regulat|health authorit|clinical hold|\bIRB\b|ethics|competent authority",
    "drug supply": r"(?:drug|product|supply|stock|device|kit)\b.{0,25}(?:supply|shortage|unavailab|not available"
    r"|availab)"
    r"|suppl(?:y|ies)|manufactur|shortage",
    "covid": r"covid|sars.cov|pandemic|coronavirus",
}
_COMPILED = {name: re.compile(rule, re.IGNORECASE) for name, rule in _RULES.items()}
_NEGATED = re.compile(r"\b(?:not|no|un)[ -]?(?:\w+ ){0,4}?(?:related|due|because|associated|based|concern\w*|issues?)\b"
                      r"[^.;,]*", re.IGNORECASE)  # fmt: skip


def reason_classes(words: str | None) -> list[str]:
    """The classes that the words name, several may hold; "none given" without words, "other" where no rule fits.

    What the words deny ("not related to safety") names no class.
    """
    if not words or not words.strip():
        return ["none given"]
    said = _NEGATED.sub(" ", words)
    return [name for name, rule in _COMPILED.items() if rule.search(said)] or ["other"]
