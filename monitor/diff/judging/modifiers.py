"""Words right before what they describe, which fewer people then fit."""

from __future__ import annotations

import re

from monitor.diff.judging.phrases import NEUTRAL, Phrase
from monitor.diff.judging.synonyms import listed

NARROWER = listed(  # words that make fewer people fit what they stand before
    "active acute chronic severe serious significant major uncontrolled symptomatic untreated unstable current ongoing"
    " recent progressive invasive metastatic advanced locally recurrent relapsed relapse refractory systemic confirmed"
    " documented histologically cytologically pathologically measurable persistent poorly controlled decompensated"
    " moderate malignant unresectable resectable congenital bacterial viral intravenous oral inhaled high live"
    " unexplained bilateral uncorrected inadequately life threatening primary secondary moderately severely"
    " radiographically biopsy proven established definite stable treated newly interventional mild end resistant"
    " parenteral therapeutic daily chronically regular regularly long term hospitalized inherited permanent isolated"
    " postmenopausal known"
)
TOGETHER = listed(  # words of which several can be true of one thing
    "active severe serious significant uncontrolled symptomatic untreated unstable persistent measurable"
    " decompensated refractory"
)
PEOPLE = listed("male female child adult adolescent infant women woman girl boy wocbp elderly")
_ADJECTIVE = re.compile(r"[a-z]{3}(?:ically|ally|ously|ively|antly|ently|ly|ic|al|ive|ous|ible|able|ary)\Z")
_NOUNS = listed(
    "medical potential possible probable additional general typical previous several clinical animal renal trial"
    " interval approval arrival withdrawal signal protocol hospital clinic topic antibiotic diuretic only family early"
    " assembly anomaly normal survival special highly total professional local individual"
)
_HEADS = listed(
    "disorder illness infect carcinoma tumor malignancy metastasis surgery treatment chemotherapy radiotherapy syndrome"
    " failure injury impairment dysfunction abuse inhibitor agent vaccine transplant symptom lesion fracture ulcer"
    " leukemia lymphoma hemorrhage bleeding stenosis allergy asthma diabete hypertension trauma implant mutation trial"
)
_OPENS = listed(
    "any history with for of active prior known current evidence undergo receive have other presence diagnosis"
    " suspected from by in planned no without on participate include such severe concurrent"
)
_NO_MODIFIERS = (
    PEOPLE
    | NEUTRAL
    | _OPENS
    | listed(
        "not possible potential family additional more medical related associated underlying same similar different new"
        " further early late several multiple many some least study concomitant own else also may can will do due must"
        " require needing unless suspect first second third last next previous history trial primary non"
    )
)
_PERSONS = re.compile(r"\s+(?:patients?|subjects?|participants?|individuals?|persons?|volunteers?)\b", re.IGNORECASE)


def is_adjective(phrase: Phrase) -> bool:
    """True for "hemodynamically significant" right before what it describes."""
    if _PERSONS.match(phrase.text, phrase.own[-1].end):
        return all(_narrows(word.key) for word in phrase.own)
    following = phrase.words[phrase.last : phrase.last + 1]
    described = bool(following) and not following[0].joint and not following[0].bound and following[0].key.isalpha()
    between = phrase.text[phrase.own[-1].end : following[0].start] if following else ""
    if not described or between.strip(" -"):
        return False
    if following[0].key in _HEADS and len(phrase.own) == 1 and _modifies(phrase):
        return True
    return all(_narrows(word.key) for word in phrase.own)


def _modifies(phrase: Phrase) -> bool:
    """True for a noun before another ("[brain] metastases"): one word that starts what is named."""
    key, before = phrase.own[0].key, phrase.words[: phrase.first][-1:]
    opens = not before or before[0].joint or before[0].key in _OPENS or _narrows(before[0].key)
    return opens and key.isalpha() and len(key) > 2 and key not in _NO_MODIFIERS  # noqa: PLR2004 (a name, no letter)


def _narrows(key: str) -> bool:
    return key in NARROWER or key in {"non", "not"} or (key not in _NOUNS and bool(_ADJECTIVE.search(key)))
