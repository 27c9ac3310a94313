"""What stands between and around the numbers of a limit."""

from __future__ import annotations

import re

TO = re.compile(r"\s*(?:-|–|~|to|through|until)\s*(?=[\d.]|[a-z])", re.IGNORECASE)
AND = re.compile(r"\s*(?:-|to|and|through)\s*", re.IGNORECASE)
OR = re.compile(r"\s*(?:or|and|-|to|/)\s*", re.IGNORECASE)
BETWEEN = re.compile(r"(?:between|from|ranging\s+from)\s+(?:the\s+ages\s+of\s+|ages?\s+)?", re.IGNORECASE)
JOINT = re.compile(r"\s*,?\s*(?:and|but|to|&|-)?\s*(?:also\s+)?(?:is\s+|are\s+|be\s+)?", re.IGNORECASE)
AGES = re.compile(r"\s*(?:years?\s+|yrs?\s+)?(?:of\s+age|old)(?![a-z])", re.IGNORECASE)
AROUND = re.compile(r"\s*(≤|<=|<)\s*[A-Za-z][\w ]{0,30}?\s*(≤|<=|<)\s*")
OLD = re.compile(r"\b(?:older|younger|of age|old)\b", re.IGNORECASE)
LABEL = re.compile(r"\b(?:cycle|visit|day|week|month|part|cohort|phase|type|arm|version|group)\s\Z", re.IGNORECASE)
