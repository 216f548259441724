"""Words of a claim that nothing can back: found, named, and what to say in their place.

Directive (EU) 2024/825 bans claims of neutrality that rest on offsets, general claims without
recognised performance, and labels without certification, towards consumers from 27 September 2026;
the UK's Green Claims Code asks the same. Promises that no plant can keep are found as well.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """Why a word cannot be backed."""

    NEUTRAL = "neutrality or nothing emitted, which no heat from electricity has by itself"
    GENERAL = "a general claim of being good for the environment, which no measurement shows"
    OFFSET = "emissions that others are paid to avoid, which change nothing here"
    ABSOLUTE = "a promise without bounds, which no plant keeps"


INSTEAD = {
    Fault.NEUTRAL: "Say what is avoided, in kg CO₂e with its uncertainty and boundary.",
    Fault.GENERAL: "Say what is measured: heat recovered, fuel no longer burnt.",
    Fault.OFFSET: "Leave offsets out of what is said of the heat.",
    Fault.ABSOLUTE: "Say the figure that the contract promises, and what follows when it is "
    "missed.",
}
"""what to say in place of a word, by why it cannot be backed"""

_GAS = r"(?:climate|carbon|CO2|CO₂|emissions?|GHG|klima|CO2-|CO₂-)"
_PATTERNS: tuple[tuple[Fault, str], ...] = (
    (Fault.NEUTRAL, rf"{_GAS}[- ]?neutral(?:e[rsnm]?|ity)?"),
    (Fault.NEUTRAL, rf"{_GAS}[- ](?:free|negative|positive)"),
    (Fault.NEUTRAL, r"(?:net[- ])?zero[- ](?:carbon|emissions?|CO2|CO₂)|net[- ]zero"),
    (Fault.NEUTRAL, r"(?:no|without(?: any)?) (?:carbon |CO2 |CO₂ )?emissions"),
    (Fault.NEUTRAL, r"neutre en carbone|zéro émission|a zero emissioni|carbon[- ]?neutrale"),
    (Fault.OFFSET, r"(?:carbon|CO2|CO₂|emissions?)[- ]offset\w*|offsets|offsetting"),
    (Fault.OFFSET, r"(?:carbon|CO2|CO₂|climate)[- ]compensat(?:ed|ion|ing)"),
    (Fault.GENERAL, r"(?:eco|environmentally|climate|planet|nature)[- ]?friendly"),
    (Fault.GENERAL, r"green(?:er|est)?|eco|ecological(?:ly)?|umweltfreundlich\w*"),
    (Fault.GENERAL, r"sustainab(?:le|ly|ility)|nachhaltig\w*|écologique|sostenibil\w*"),
    (Fault.GENERAL, r"clean(?:er|est)? (?:heat|energy|power|warmth)(?! (?:exchange|transfer))"),
    (Fault.GENERAL, r"(?:fully |100 ?% )?renewable (?:heat|energy|warmth)"),
    (Fault.ABSOLUTE, r"risk[- ]free|without (?:any )?risk|no risk"),
    (Fault.ABSOLUTE, r"fail[- ]?safe|never fails?|cannot fail|always available"),
    (Fault.ABSOLUTE, r"uninterrupted|uninterruptible heat|100 ?% (?:reliable|available|safe)"),
    (Fault.ABSOLUTE, r"guaranteed savings?|free heat|heat for free|maintenance[- ]free"),
    (Fault.ABSOLUTE, r"(?:the )?(?:cheapest|lowest price|best price)"),
)
_EVERY = re.compile(
    "|".join(
        rf"(?P<{fault.name}_{number}>(?<!\w)(?:{pattern})(?!\w))"
        for number, (fault, pattern) in enumerate(_PATTERNS)
    ),
    re.IGNORECASE,
)
LEFT_OUT = "[words left out]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbacked:
    """Words of a text that nothing can back."""

    words: str
    fault: Fault
    start: int
    """place of its first letter in the text"""


def unbacked_in(text: str, *, names: Iterable[str] = ()) -> tuple[Unbacked, ...]:
    """Find the words of a text that nothing can back, in their order.

    ``names`` of parties and places are no claims: what stands in one of them is passed over.
    """
    named = tuple(_spans_of(text, names))
    return tuple(
        Unbacked(words=found.group(), fault=_fault_of(found), start=found.start())
        for found in _EVERY.finditer(text)
        if not any(start <= found.start() and found.end() <= end for start, end in named)
    )


def _fault_of(found: re.Match[str]) -> Fault:
    assert found.lastgroup is not None
    return Fault[found.lastgroup.partition("_")[0]]


def _spans_of(text: str, names: Iterable[str]) -> Iterator[tuple[int, int]]:
    for name in names:
        if name:
            yield from (found.span() for found in re.finditer(re.escape(name), text))


def without_unbacked(text: str, *, names: Iterable[str] = ()) -> str:
    """Give a text with a mark in place of what nothing can back."""
    for found in reversed(unbacked_in(text, names=names)):
        end = found.start + len(found.words)
        text = f"{text[: found.start]}{LEFT_OUT}{text[end:]}"
    return text
