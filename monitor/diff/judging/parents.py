"""What one item more or less does, by the sentence that it stands under."""

from __future__ import annotations

import re

from monitor.diff.judging.signals import EXCEPTION, Sense, negated, verdict

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NOTE = re.compile(r"\W*note\b", re.IGNORECASE)
_MUST = re.compile(r"\W*(?:(?:patients?|subjects?|participants?)\s+)?must\b", re.IGNORECASE)
_REFERS = re.compile(  # to criteria that are told elsewhere
    r"\b(?:criteria|restrictions?|conditions?|exclusions?)\s+(?:(?:may|might|will|can)\s+(?:also\s+)?)?apply\b"
    r"|\b(?:other|additional|further)\s+(?:protocol[- ])?(?:defined|specified)\b|\bprotocol[- ](?:defined|specified)\b",
    re.IGNORECASE,
)
_ASKS_NOTHING = re.compile(  # "None", "No upper age limit", "Both sexes", "Patients may have had surgery"
    r"\A\W*(?:none|n/?a|not\s+applicable|see|refer\s+to)\b"
    r"|\bno\s+(?:(?:specific|upper|lower|maximum|minimum|other|age|gender|sex|racial|further|particular)\s+)*"
    r"(?:limits?|limitations?|restrictions?|preference|exclusion\s+criteria|inclusion\s+criteria|exclusions?)\b"
    r"|\b(?:is|are)\s+not\s+(?:required|necessary|mandatory)\b|\b(?:either|both|any|all)\s+(?:sex(?:es)?|genders?|races?)\b"
    r"|\A\W*(?:(?:adults?|patients?|subjects?|participants?),?\s+)?(?:(?:fe)?males?|men|women)\s+(?:and|or|&|/)\s+(?:(?:fe)?males?|men|women)\W*\Z"
    r"|\A\W*(?:(?:the|all)\s+)?(?:patients?|subjects?|participants?|(?:wo)?men|(?:fe)?males?)\s+(?:(?:with|who|on)\s+[^,.;]{0,80}\s)?may\b",
    re.IGNORECASE,
)
_ONE_WAY = re.compile(r"\A\W*or\b|\bor\W*\Z", re.IGNORECASE)
_FOR_SOME = re.compile(
    r"\A\W*(?:(?:for|in)\s+)?(?:cohorts?|arms?|groups?|parts?|phase|sub-?\s?study|controls?|healthy\s+(?:volunteers?|controls?))\b",
    re.IGNORECASE,
)
_TELLS_WHO = re.compile(r"\beligible\b(?!\s+(?:for|to)\b)", re.IGNORECASE)  # "Eligible tumors include ..."
_RULED_OUT = re.compile(  # how an exclusion list begins says nothing but that it excludes
    r"\b(?:(?:will|must|should|shall|are|is|be|to) )*"
    r"(?:excluded|exclusion|ineligible|disqualif\w+|not (?:be )?(?:eligible|enrolled|included))\b",
    re.IGNORECASE,
)
_SOME = r"(?:any|either|one(?: or more)?|two|three|four|\d(?:\s?\+)?(?: or more)?)"
_ANY_OF = re.compile(
    rf"(?<!\ball )(?<!\w)(?:{_SOME} of\b|one or more\b)"
    r"|\bfollowing (?:[\w-]+ ){0,2}?(?:histolog(?:y|ies)|types|subtypes|cancers|malignancies|tumou?rs|diagnoses"
    r"|mutations|indications)\b",
    re.IGNORECASE,
)
_ALL_OF = re.compile(r"\b(?:all|both|each)\s+(?:of\b|(?:the\s+)?following\b)|\A\W*adequate\b", re.IGNORECASE)
_EXCEPTED = re.compile(
    rf"(?:{EXCEPTION.pattern})(?:\s+(?:for|of|that|the|if|following|below|these|any|one|are|is|as|follows?|cases))*\W*\Z"
    r"|\bwith\s+(?:the\s+)?(?:following\s+)?exceptions?(?:\s+of)?(?:\s+the\s+following)?\W*\Z"
    r"|\bexceptions?(?:\s+(?:include|are|to\s+this\s+\w+)(?:\s+the\s+following)?)?\W*\Z",
    re.IGNORECASE,
)
_FREED = re.compile(
    r"\bfollowing\b[^.:]{0,60}\b(?:exceptions?|permitted|allowed|acceptable|not\s+(?:be\s+)?(?:excluded|exclusionary))\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:if|when|provided|must|as\s+long\s+as|on\s+condition)\b", re.IGNORECASE)
_ASKS_ALL = re.compile(
    r"\b(?:all|both|each)\s+(?:of\s+)?(?:the\s+)?|\b(?:adequate|normal|acceptable|sufficient)\b|\bas\s+(?:defined|follows)\b"
    r"|\bfollowing\s+(?:[\w/-]+\s+){0,3}?(?:criteria|conditions|requirements|laboratory|values|parameters|limits|results|tests)\b"
    r"|\b(?:requirements?|restrictions|criteria|function|values|parameters)\W*\Z|\band\s+(?:all\s+)?(?:of\s+)?the\s+following\W*\Z"
    r"|\b(?:must|should|willing\s+to|agrees?\s+to|able\s+to)\b[^.:]{0,60}\bfollowing\b|\b(?:must|willing\s+to|agrees?\s+to)\s*(?:have|be|:)?\W*\Z"
    r"|\b(?:and|who)\s+(?:have|has|are|is)\W*\Z|\blaborator(?:y|ies)\b|\b(?:studies|ranges?|formula)\W*\Z",
    re.IGNORECASE,
)
_MOVES_ON = re.compile(  # from the exception to something else
    r"[.;]\s+\w|\bsuch\s+as\b|,\s*includ\w+|,\s*(?:or|and|any|with|within|who|that|which)\b", re.IGNORECASE
)
_LET_IN = re.compile(
    r"\b(?:allowed|permitted|acceptable(?!\s+[a-z])|eligible)\b|\b(?:types|subtypes|diagnoses|histologies)\s+(?:include|are)\b",
    re.IGNORECASE,
)
_NONE_OF = re.compile(
    r"\b(?:no|none|without|never|not\s+ha(?:ve|d))\b(?:(?!\b(?:and|or|one)\b)[^,;:.]){0,80}"
    r"\b(?:any\s+of|(?:the\s+)?following)\b",
    re.IGNORECASE,
)
_COUNTS = re.compile(r"\bno(?:t)?\s+(?:more|less|fewer|greater|all|both)\b", re.IGNORECASE)


def item_growth(section: str, text: str, parent: str | None) -> int:
    """+1 if more people can enter with the item, -1 if fewer; 0 where neither it nor its parent settles that."""
    if section == "other":
        return -1 if is_demand(text) else 0
    if _NOTE.match(text) or _REFERS.search(text) or _ASKS_NOTHING.search(text):
        return 0
    if verdict(text) == 1 and not (parent and _EXCEPTED.search(parent)):
        return 1 if section == "exclusion" and not parent else 0
    if section == "inclusion" and _ONE_WAY.search(text):
        return 1
    if parent:
        return _under(section, parent)
    return 0 if section == "inclusion" and (_FOR_SOME.match(text) or _TELLS_WHO.search(text)) else -1


def is_demand(text: str) -> bool:
    """True if an item says itself that it must be met."""
    return bool(_MUST.match(text))


def _under(section: str, parent: str) -> int:
    sense: Sense = -1 if section == "exclusion" else 1
    parent = _BRACKETS.sub(" ", _RULED_OUT.sub(" ", parent) if sense == -1 else parent)
    excepted = _EXCEPTED.search(parent)
    if excepted:
        return _one_more_exception(sense, parent[: excepted.start()])
    if sense == -1 and _FREED.search(parent) and not _CONDITION.search(parent):
        return 1
    last = list(EXCEPTION.finditer(parent))[-1:]
    if sense == -1 and last and not _MOVES_ON.search(parent, last[0].end()):
        return _one_more_way_out(parent[: last[0].start()], parent[last[0].end() :])
    if last or _ASKS_NOTHING.search(parent):
        return 0
    if verdict(parent) == 1 or (sense == -1 and _LET_IN.search(parent) and not negated(parent)):
        return _letting_in(parent)
    return _excluding(parent) if sense == -1 else _including(parent)


def _one_more_exception(sense: Sense, main: str) -> int:
    """An exception frees from what is ruled out; what it does to what is asked for nobody can say."""
    if verdict(main) is not None or (sense == 1 and EXCEPTION.search(main)):
        return 0
    return 1 if sense == -1 or negated(main) == 1 else 0


def _one_more_way_out(main: str, exception: str) -> int:
    """ "..., unless one of the following applies:"; of what must hold all at once one more lets out fewer."""
    if verdict(main) is not None:
        return 0
    return -1 if _ALL_OF.search(exception) else 1


def _letting_in(parent: str) -> int:
    """ "Are allowed:" lets in one more, "are eligible if all of these are met:" asks for one more."""
    if not _CONDITION.search(parent):
        return 1
    if _ANY_OF.search(parent):
        return 1
    return -1 if _ASKS_ALL.search(parent) else 0


def _excluding(parent: str) -> int:
    any_of = _ANY_OF.search(parent)
    clause = parent[_clause_start(parent, any_of.start()) :] if any_of else parent
    if negated(clause) or verdict(parent) == -1:
        return 0
    return 0 if not any_of and _ALL_OF.search(parent) else -1


def _including(parent: str) -> int:
    any_of = _ANY_OF.search(parent)
    clause = parent[_clause_start(parent, any_of.start()) :] if any_of else parent
    said = verdict(parent)
    if _COUNTS.search(parent) or negated(clause) > 1:
        return 0
    if said == -1:
        return -1 if any_of else 0
    if negated(clause):
        return -1 if _NONE_OF.search(clause) and not _ALL_OF.search(clause) else 0
    if any_of:
        return 0 if _ALL_OF.search(clause) else 1
    if _LET_IN.search(parent):
        return 1 if not _CONDITION.search(parent) and not re.search(r"\b(?:who|all)\b", parent, re.IGNORECASE) else 0
    return -1 if _ASKS_ALL.search(parent) else 0


def _clause_start(parent: str, position: int) -> int:
    """Where the words around a position begin anew: what is denied before an "and" does not reach them."""
    starts = [match.end() for match in re.finditer(r"[,;:.]\s|\band\b", parent, re.IGNORECASE)]
    return max((start for start in starts if start <= position), default=0)
