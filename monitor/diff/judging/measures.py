"""What a limit is about: plain names of measures, and scales whose steps are known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

_SIGHT = 90  # letters before a limit in which its measure is looked for


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale of whole steps between two ends; `best_low` if its low end is the good one."""

    low: float
    high: float
    step: float
    best_low: bool = True


_SCALES = {
    "ECOG": Scale(0, 4, 1),
    "grade": Scale(0, 4, 1),  # 5 is death
    "Karnofsky": Scale(0, 100, 10, best_low=False),
    "Lansky": Scale(0, 100, 10, best_low=False),
    "NYHA class": Scale(1, 4, 1),
    "CCS class": Scale(1, 4, 1),
    "ASA class": Scale(1, 6, 1),
    "class": Scale(1, 5, 1),
    "stage": Scale(0, 4.9, 0.1),
    "Child-Pugh": Scale(5, 15, 1),
}
COUNT = Scale(0, float("inf"), 1)
_PERFORMANCE = (
    r"ECOG|Eastern Cooperative Oncology Group|Zubrod|WHO (?:performance|PS)"
    r"|(?<!karnofsky )(?<!lansky )performance status|\bPS\b"
)
_NAMES: tuple[tuple[str, str], ...] = (
    ("ECOG", _PERFORMANCE),
    ("Karnofsky", r"Karnofsky|\bKPS\b"),
    ("Lansky", r"Lansky|\bLPS\b"),
    ("NYHA class", r"NYHA|New York Heart Association"),
    ("CCS class", r"\bCCS\b|Canadian Cardiovascular Society"),
    ("ASA class", r"\bASA\b|American Society of An\w+"),
    ("Child-Pugh", r"Child[- ]?(?:Turcotte[- ])?Pugh"),
    ("MELD", r"\bMELD\b"),
    ("grade", r"\bgrades?\b"),
    ("stage", r"\bstages?\b"),
    ("class", r"\bclass(?:es)?\b"),
    ("creatinine clearance", r"creatinine clearance|\bCr?Cl\b|\bCLcr\b|calculated clearance"),
    ("eGFR", r"\be?GFR\b|glomerular filtration rate"),
    ("ALT", r"\bS?ALA?T\b|\bSGPT\b|alanine (?:amino|trans)\w+"),
    ("AST", r"\bASA?T\b|\bSGOT\b|aspartate (?:amino|trans)\w+"),
    ("transaminases", r"transaminases?|aminotransferases?"),
    ("alkaline phosphatase", r"alkaline phosphatase|\bALP\b"),
    ("bilirubin", r"bilirubin"),
    ("creatinine", r"creatinine"),
    ("hemoglobin", r"ha?emoglobin(?! a1c)|\bHgb\b|\bHb\b"),
    ("HbA1c", r"HbA1c|ha?emoglobin A1c|glycat\w+ ha?emoglobin|\bA1c\b"),
    ("platelets", r"platelets?|thrombocytes?|\bPLT\b"),
    ("ANC", r"\bANC\b|neutrophils?"),
    ("WBC", r"\bWBCs?\b|white blood cells?|leu[ck]ocytes?"),
    ("lymphocytes", r"lymphocytes?|\bALC\b"),
    ("eosinophils", r"eosinophils?"),
    ("CD4", r"\bCD4\b"),
    ("viral load", r"viral load|HIV(?:-1)? RNA|HBV DNA|HCV RNA"),
    ("albumin", r"albumin"),
    ("INR", r"\bINR\b|international normali[sz]ed ratio"),
    ("aPTT", r"\ba?PTT\b|partial thromboplastin time"),
    ("prothrombin time", r"\bPT\b|prothrombin time"),
    ("LVEF", r"\bLV?EF\b|ejection fraction"),
    ("QTc", r"\bQTc?F?B?\b|QT interval"),
    ("systolic blood pressure", r"systolic(?: blood pressure)?|\bSBP\b"),
    ("diastolic blood pressure", r"diastolic(?: blood pressure)?|\bDBP\b"),
    ("blood pressure", r"blood pressure|\bBP\b"),
    ("heart rate", r"heart rate|pulse|\bHR\b"),
    ("BMI", r"\bBMI\b|body[- ]mass[- ]index"),
    ("weight loss", r"weight loss"),
    ("weight", r"body ?weight|weigh(?:t|s|ing)\b"),
    ("oxygen saturation", r"\bSp?[aO]?O2\b|oxygen saturation|pulse oximetry|saturation"),
    ("FEV1", r"\bFEV1\b|forced expiratory volume"),
    ("FVC", r"\bFVC\b|forced vital capacity"),
    ("DLCO", r"\bDLCO\b|diffusing capacity"),
    ("troponin", r"troponin"), ("lipase", r"lipase"), ("amylase", r"amylase"),
    ("LDH", r"\bLDH\b|lactate dehydrogenase"),
    ("CRP", r"\bCRP\b|C-reactive protein"), ("PSA", r"\bPSA\b"), ("testosterone", r"testosterone"),
    ("glucose", r"glucose|\bFPG\b"), ("triglycerides", r"triglycerides?"), ("LDL cholesterol", r"\bLDL(?:-C)?\b"),
    ("cholesterol", r"cholesterol"), ("potassium", r"potassium"), ("calcium", r"calcium"), ("magnesium", r"magnesium"),
    ("sodium", r"sodium"), ("ferritin", r"ferritin"), ("proteinuria", r"proteinuria|urine protein|\bUPCR?\b"),
    ("prednisone", r"prednisolone|prednisone"), ("temperature", r"temperature|fever"),
    ("tumor size", r"tumou?rs?|lesions?|nod(?:ul)?es?|diameter|metastas[ie]s"),
    ("Gleason score", r"gleason"), ("MMSE", r"\bMMSE\b|mini[- ]mental"), ("EDSS", r"\bEDSS\b"), ("PASI", r"\bPASI\b"),
    ("pain score", r"\bpain\b"),
)  # fmt: skip
_BAD_HIGH = frozenset(
    [
        "ALT",
        "AST",
        "transaminases",
        "alkaline phosphatase",
        "bilirubin",
        "creatinine",
        "INR",
        "aPTT",
        "prothrombin time",
        "QTc",
        "blood pressure",
        "systolic blood pressure",
        "diastolic blood pressure",
        "viral load",
        "troponin",
        "CRP",
        "proteinuria",
        "temperature",
        "weight loss",
        "ECOG",
        "NYHA class",
        "CCS class",
        "ASA class",
        "Child-Pugh",
        "MELD",
        "grade",
        "EDSS",
        "pain score",
        "glucose",
        "HbA1c",
        "LDH",
        "lipase",
        "amylase",
    ]
)
_BAD_LOW = frozenset(
    [
        "creatinine clearance",
        "eGFR",
        "platelets",
        "ANC",
        "WBC",
        "lymphocytes",
        "CD4",
        "hemoglobin",
        "albumin",
        "LVEF",
        "oxygen saturation",
        "FEV1",
        "FVC",
        "DLCO",
        "MMSE",
        "Karnofsky",
        "Lansky",
    ]
)
_TREATMENT = (
    r"wash-?out|therap\w+|treat\w+|chemo\w*|radi(?:ation|o)\w*|surg\w+|drugs?\b|agents?\b|medications?|vaccin\w*"
    r"|dos(?:e|es|ing)\b|transfus\w+|antibiotics?|steroids?|cortico\w+|investigational|\w+inhibitors?|transplant\w*"
    r"|infusion|receiv\w+|immuno\w+|procedure|products?\b|device|antibod\w+|participat\w+"
)
_TIMES: tuple[tuple[str, str], ...] = (
    ("life expectancy", r"life[- ]expectancy|survival|expected to live|prognosis"),
    ("contraception", r"contracept\w*|birth control|abstinen\w*|donat\w+|breast[- ]?feed\w*|pregnan\w+"),
    ("age", r"\bage[ds]?\b|\bold\b|\bolder\b|\byounger\b"),
    ("time since diagnosis", r"diagnos\w+"),
    ("washout", _TREATMENT),
)
_LINES = (
    r"(?:prior |previous |different |systemic |of )*(?:lines?|regimens?)\b|(?:prior|previous) (?:systemic )?"
    r"(?:\w+ ){0,2}(?:therap\w+|treatments?|chemotherap\w+)"
)
_TAKEN = r"(?:measurements?|tests?|medications?|drugs?|agents?|doses?|surger\w+|times|sites?|organs?)\b"
_COUNTED: tuple[tuple[str, str], ...] = (
    ("prior lines of therapy", _LINES),
    ("courses", r"courses?|cycles?"),
    ("episodes", r"episodes?|events?|attacks?"),
    ("exacerbations", r"exacerbations?|flares?"),
    ("relapses", r"relapses?"),
    ("seizures", r"seizures?"),
    ("lesions", r"(?:\w+ )?(?:lesions?|metastas[ie]s|tumou?rs?|nodules?|lymph nodes?)"),
    ("risk factors", r"(?:\w+ )?(?:risk )?factors?|criteria|symptoms?|features?"),
    ("points", r"points?\b"),
    ("", r"(?:prior|previous)\s+(?:\w+\s+){0,2}?\w{3,}s\b"),
    ("drinks", r"(?:alcoholic )?(?:drinks?|units?)\b"),
    ("cigarettes", r"cigarettes?"),
    ("measurements", rf"(?:\w+ )?{_TAKEN}"),
)
_PARTED = re.compile(r"\d|[;,]|\. |\b(?:and|or|with|of the)\b")
_VERSION = re.compile(r"\([^()]*\)|v\d[\d.]*|\d\.\d+")
_AGE_AFTER = re.compile(r"\s*(?:,\s*)?(?:of age|old\b|and older|or older|inclusive)", re.IGNORECASE)
_AGO = re.compile(
    r"\b(?:since|within|prior|before|after|ago|for|duration|history|interval|last|past|from)\b", re.IGNORECASE
)
_JOINED = re.compile(r"\s*(?:\([^()]*\)\s*)?(?:and/or|and|or|/|,)\s*(?:serum\s+)?\Z", re.IGNORECASE)


def _one_of(names: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    pattern = "|".join(f"(?P<n{n}>{pattern})" for n, (_, pattern) in enumerate(names))
    return re.compile(rf"(?<![^\W_])(?:{pattern})", re.IGNORECASE)


_NAMED, _TIMED, _NUMBERED = _one_of(_NAMES), _one_of(_TIMES), _one_of(_COUNTED)


_RANGED = re.compile(
    r"\b(?:(?i:age[ds]?|ages|BMI|index|score|between)\b[\s:(=,a-z]*"
    r"|[A-Za-z]{0,8}[A-Z][A-Za-z0-9]{0,8}[A-Z][\w-]{0,12}(?:\s+(?:score|scale|of|is|from|range))*[\s:(=]*)\Z"
)


def range_named(before: str) -> bool:
    """True where a range without a unit may follow: after "age", "score" and after the short name of a scale."""
    return bool(_RANGED.search(before))


def names_measure(text: str) -> bool:
    """True if the text names something that is measured."""
    return bool(_NAMED.search(text))


def worsens(name: str) -> Literal[-1, 1, 0]:
    """+1 if a high value of the measure is the bad one, -1 if a low one is; 0 if that depends."""
    parts = name.split(" and ")
    return 1 if _BAD_HIGH.issuperset(parts) else (-1 if _BAD_LOW.issuperset(parts) else 0)


def scale_before(text: str, position: int) -> str | None:
    """The scale that a number at a position is a step of: its name stands before it and no other number between."""
    names = _names_before(text, position)
    if len(names) > 1 and names[-1][0] == "class" and names[-2][0].endswith("class"):
        names[-1] = (names[-2][0], *names[-1][1:])  # "NYHA class", "New York Heart Association (NYHA) class"
    if not names or names[-1][0] not in _SCALES:
        return None
    between = text[names[-1][1] : position]
    return None if _PARTED.search(_VERSION.sub("", between)) else names[-1][0]


def scale_named(name: str) -> Scale | None:
    """The scale of that name."""
    return _SCALES.get(name)


def counted_after(text: str, position: int) -> str | None:
    """What a number counts: "prior lines of therapy", "previous visits"; None if nothing in whole numbers."""
    match = _NUMBERED.match(text, position + (text[position : position + 1] in " -"))
    return _COUNTED[int((match.lastgroup or "n0")[1:])][0] or match[0] if match else None


def measure_at(text: str, start: int, end: int) -> str:
    """The plain name of what a limit at start..end bounds; else the last words before it."""
    names = _names_before(text, start)
    if names:
        joined = names[-1][0]
        if len(names) > 1 and _JOINED.fullmatch(text[names[-2][1] : names[-1][2]]) and names[-2][0] != joined:
            joined = f"{names[-2][0]} and {joined}"
        return joined
    inside = _NAMED.search(text[start:end]) or _NAMED.match(text[end : end + 40].lstrip(" ,"))
    return _NAMES[int((inside.lastgroup or "n0")[1:])][0] if inside else _last_words(text, start)


def time_at(text: str, start: int, end: int, *, years: bool) -> str:
    """The plain name of what a time at start..end bounds."""
    before, after = _sentence_before(text, start), text[end : end + _SIGHT]
    if _AGE_AFTER.match(after) or re.search(r"\b(?:of age|old\b|older|younger)", text[start:end], re.IGNORECASE):
        return "age"
    last = list(_TIMED.finditer(before))
    for name in ("life expectancy", "contraception"):
        if any(_TIMES[int((match.lastgroup or "n0")[1:])][0] == name for match in last):
            return name
    if last:
        return _TIMES[int((last[-1].lastgroup or "n0")[1:])][0]
    if years and not _AGO.search(before) and not _AGO.match(after.lstrip()):
        return "age"
    following = _TIMED.search(re.split(r"[.;]", after)[0])
    return _TIMES[int((following.lastgroup or "n0")[1:])][0] if following else _last_words(text, start)


def _sentence_before(text: str, position: int) -> str:
    return re.split(r";|\.\s", text[max(0, position - _SIGHT) : position])[-1]


@lru_cache(maxsize=512)
def _names_in(sight: str) -> tuple[tuple[str, int, int], ...]:
    return tuple((_NAMES[int((m.lastgroup or "n0")[1:])][0], m.end(), m.start()) for m in _NAMED.finditer(sight))


def _names_before(text: str, position: int) -> list[tuple[str, int, int]]:
    """Name, end and start of each measure named in the sentence before a position."""
    sight = _sentence_before(text, position)
    offset = position - len(sight)
    return [(name, end + offset, start + offset) for name, end, start in _names_in(sight)]


def _last_words(text: str, start: int) -> str:
    """The last few words before the limit, back to a mark."""
    before = re.split(r"[.;:,()\[\]]", text[max(0, start - _SIGHT) : start])[-1]
    silent = {"of", "is", "are", "a", "an", "the", "must", "be", "to", "with", "has", "have", "and", "or"}
    words = [word for word in before.split() if word.lower() not in silent and word[0].isalpha()]
    return " ".join(words[-3:]) or "limit"
