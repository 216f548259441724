"""What a project is worth beside its cash, as stated evidence: never added to a present value."""

from datetime import date
from typing import Literal

from exotherm.core.documents import Document

StrategicKind = Literal["retention", "switching cost", "defensibility", "opportunity"]

KINDS: dict[StrategicKind, str] = {
    "retention": "hosting customers who stay because of the heat",
    "switching cost": "what it costs the heat customer to leave",
    "defensibility": "what keeps a competitor from taking the place",
    "opportunity": "what the site opens, or what the same people would do instead",
}
"""what each kind asks"""

SCORES = {
    0: "no evidence",
    1: "said by somebody",
    2: "in writing",
    3: "contracted or observed",
}
"""how good the evidence is; no score says how much it is worth"""


class StrategicValue(Document):
    """One thing that counts beside the cash, with what shows it."""

    kind: StrategicKind
    """which of the four"""
    evidence: str
    """what is known, in a sentence"""
    score: Literal[0, 1, 2, 3]
    """0 no evidence, 1 said by somebody, 2 in writing, 3 contracted or observed"""
    source: str
    """where that can be read"""
    dated_on: date
    """day of the source"""
