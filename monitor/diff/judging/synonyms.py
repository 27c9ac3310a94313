"""Words and phrases that say the same in a criterion, and words without which it says the same."""

from __future__ import annotations

import re


def listed(words: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(words.split())


SILENT = listed(
    "the a an of to be is are was were been being am must should shall will would can have has had having that which"
    " who whom this these those their his her its they he she it them him patient subject participant individual"
    " person people age aged old inclusive also eg please note both either himself herself themselves ps"
)

_SAME_WORDS = """
prior: previous previously
trial: study
treatment: therapy treat treating therapies
provide: give gives provides given
drug: medication medicine
investigational: experimental
randomization: randomisation allocation randomized randomised randomize
enrollment: enrolment enroll enrol inclusion entry registration
year: yr yrs years
month: mo mos months
week: wk wks weeks
day: days
hour: hr hrs hours
hemoglobin: hgb hb haemoglobin
carcinoma: cancer
tumor: tumour neoplasm
illness: disease disorder
myocardial-infarction: mi
participate: participation participating participated
consent: consenting
receive: received receiving receipt
undergo: undergone undergoing underwent
include: includes included
diagnosis: diagnosed diagnose diagnoses
require: requires requiring required requirement
show: demonstrate demonstrated shown shows
male: man men males
female: woman women females
child: children kids pediatric paediatric
breastfeeding: lactating nursing lactation breastfeed
without: w/o
with: w
screening: screen
agent: drug
uncontrolled: poorly-controlled
surgery: surgical operation
abuse: misuse
suspected: suspect
currently: presently
evidence: proof
before: preceding
physician: doctor
willing: agree agrees willingness
able: capable ability
unable: inability cannot can't incapable
unwilling: unwillingness
vaccine: vaccination vaccinations vaccinated
pregnant: pregnancy
infect: infection infected infections
metastasis: metastases mets
dose: dosing doses dosage
administration: administered administer
response: respond
discontinue: discontinued stop stopped discontinuing ceased
progress: progression progressed progressive progressing
relapse: relapsed relapsing
transplant: transplantation transplanted
allergy: allergic
hypersensitivity: hypersensitive
"""

_SAME_PHRASES = """
and or: and/or
or: and / or
ecog: eastern cooperative oncology group | eastern co operative oncology group
ecog: ecog performance status | ecog ps | ecog status | ecog score | ecog performance score
ecog: ecog performance status score | ecog performance
karnofsky: karnofsky performance status | karnofsky performance score | kps | karnofsky score
karnofsky: karnofsky performance scale
nyha: new york heart association
lansky: lansky performance status | lansky score | lansky performance score
uln: upper limit normal | upper limit of normal | upper limit of the normal | upper normal limit | unl
lln: lower limit of normal | lower normal limit
alt: alanine aminotransferase | alanine transaminase | sgpt | alat | alanine amino transferase
ast: aspartate aminotransferase | aspartate transaminase | sgot | asat | aspartate amino transferase
anc: absolute neutrophil count | neutrophil count | neutrophil
wbc: white blood cell count | white blood cell | white blood count | leukocyte count | leukocyte
platelet: platelet count
lvef: left ventricular ejection fraction | left ventricle ejection fraction | ejection fraction
myocardial-infarction: myocardial infarct
bmi: body mass index
crcl: creatinine clearance
egfr: estimated glomerular filtration rate | glomerular filtration rate | gfr
qtc: corrected qt interval | corrected qt | qtc interval
hiv: human immunodeficiency virus
hbv: hepatitis b virus | hepatitis b
hcv: hepatitis c virus | hepatitis c
cns: central nervous system
tia: transient ischemic attack
copd: chronic obstructive pulmonary disease | chronic obstructive lung disease
nsclc: non small cell lung cancer | non small cell lung carcinoma | nonsmall cell lung cancer
sclc: small cell lung cancer
myocardial-infarction: myocardial infarction | heart attack
stroke: cerebrovascular accident | cva
icf: signed written informed consent | written informed consent | signed informed consent | informed consent form
icf: informed consent document | informed consent
heart-failure: congestive heart failure | chf
dvt: deep vein thrombosis | deep venous thrombosis
pe: pulmonary embolism
ild: interstitial lung disease
gvhd: graft versus host disease
cad: coronary artery disease
ckd: chronic kidney disease
aids: acquired immunodeficiency syndrome
hypertension: high blood pressure
sbp: systolic blood pressure | systolic bp | systolic pressure
dbp: diastolic blood pressure | diastolic bp
bp: blood pressure
wocbp: women of childbearing potential | woman of child bearing potential | women of child bearing potential
wocbp: female of childbearing potential | females of childbearing potential | female of reproductive potential
wocbp: women of reproductive potential
prior: prior to | before
prior: history of prior
greater: more than
uncontrolled: poorly controlled | inadequately controlled | not controlled | not well controlled
without: no evidence of
without: with no
moderate or severe: moderate to severe | moderate severe
mild or moderate: mild to moderate
: he or she | his or her | him or her | he / she | his / her | him / her | s / he | she / he | her / his
: for example | years old | year old
: in order
first dose: first administration | first dosing | initial dose
first dose: start of treatment | start of study treatment | initiation of study treatment | treatment start
history: medical history | known history | past history
life expectancy: expected survival | anticipated life expectancy | estimated life expectancy
standard care: standard of care | soc
unable: not able | can not
unwilling: not willing
unsuitable: not suitable
unfit: not fit
ecog: eastern collaborative oncology group | zubrod | zubrod performance status
ecog: world-health performance status | world-health ps | world-health performance score | ecog physical status
ecog: ecog physical condition | ecog performance scale
nsaid: non steroidal anti inflammatory drug | nonsteroidal anti inflammatory drug
treatment period: dosing period
recist 1: recist version 1 | recist criteria version 1 | recist v1 | recist criteria v1
"""


def _word_table() -> dict[str, str]:
    rows = (line.split(":", 1) for line in _SAME_WORDS.strip().splitlines())
    table = {other: name for name, others in rows for other in others.split()}
    return {other: table.get(name, name) for other, name in table.items()}


SPELLINGS = _word_table()


def _phrase_table() -> dict[tuple[str, ...], tuple[str, ...]]:
    table: dict[tuple[str, ...], tuple[str, ...]] = {}
    for line in _SAME_PHRASES.strip().splitlines():
        name, phrases = line.split(":", 1)
        for phrase in phrases.split("|"):
            words = [_one(word) for word in re.findall(r"[\w'-]+|/", phrase)]
            table[tuple(words)] = tuple(name.split())
    return table


def _one(word: str) -> str:
    if word in SPELLINGS:
        return SPELLINGS[word]
    single = word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "is", "us")) else word  # noqa: PLR2004 (as texts are read)
    return SPELLINGS.get(single, single)


PHRASES = _phrase_table()
OPENERS = frozenset(phrase[0] for phrase in PHRASES)
LONGEST = max(map(len, PHRASES))
