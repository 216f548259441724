"""A reading that a person took off a meter's display, with who took it and what shows it."""

from datetime import datetime
from decimal import Decimal

from exotherm.core.errors import UnableTo
from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.period import write_instant
from exotherm.core.samples import Origin, Point, Quality, Sample
from exotherm.core.sentences import is_line, visible
from exotherm.site.document import Site, points_of
from exotherm.store.sqlite import Store

HAND_READING_CODE = "meter.hand-reading"


class UnableToEnterReading(UnableTo):
    """A reading that was typed in cannot be one of this meter."""


def enter_reading(
    site: Site,
    store: Store,
    *,
    point_name: str,
    value: Decimal,
    at: datetime,
    author: str,
    evidence: str,
    now: datetime,
) -> Sample:
    """Keep a register reading that a person took, and for good who took it and what shows it.

    Raises UnableToEnterReading for what the register cannot show, for words that nobody can read,
    or where a reading of that instant is kept already.
    """
    points = points_of(site)
    point = points.get(point_name)
    if point is None or point.kind != "register":
        registers = ", ".join(name for name, one in points.items() if one.kind == "register")
        raise UnableToEnterReading(
            f"{point_name} is no register of this site", remedy=f"Registers are {registers}."
        )
    if at > now:
        raise UnableToEnterReading(
            f"{write_instant(at)} has not come yet", remedy="Enter when the display was read."
        )
    if wrong := wrong_words(author, evidence):
        raise UnableToEnterReading(wrong, remedy="Say who read it, and what shows it.")
    sample = Sample(
        point=point.name,
        source_at=at,
        received_at=now,
        count=count_shown(point, value),
        quality=Quality.GOOD,
        origin=Origin.HAND,
    )
    store.keep_site(site.site.name, points.values())
    with store.together():
        saved = store.save_samples([sample])
        if not saved.stored:
            raise UnableToEnterReading(
                f"{point.name} has a reading of {write_instant(at)} already",
                remedy="A reading is never changed; enter the one of another instant.",
            )
        taken = _taken(point, sample, author, evidence)
        store.save_findings([taken], at=at, apart=write_instant(at))
    return sample


def wrong_words(author: str, evidence: str) -> str:
    """Say what is wrong with who says something and what shows it; empty where nothing is."""
    for word, text in (("author", author), ("evidence", evidence)):
        if not text.strip():
            return f"The {word} is empty"
        if not is_line(text):
            return f"The {word} is not one line of letters that can be read: {visible(text)}"
    return ""


def count_shown(point: Point, value: Decimal) -> int:
    """Give the count of a register that shows a value. Raises UnableToEnterReading."""
    count = value.scaleb(point.decimals)
    if count != count.to_integral_value() or not 0 <= count < point.register.modulus:
        raise UnableToEnterReading(
            f"{value} is nothing that {point.name} can show",
            remedy=f"Its display has {point.digits} digits, {point.decimals} behind the point.",
        )
    return int(count)


def _taken(point: Point, sample: Sample, author: str, evidence: str) -> Finding:
    shown = point.register.write(sample.count)
    return Finding(
        code=HAND_READING_CODE,
        severity=Severity.NOTE,
        where=Where(path=point.name),
        message=f"{author} read {shown} off the display at {write_instant(sample.source_at)}: "
        f"{evidence}.",
        remedy="Keep what shows it as long as the invoice.",
        data={"author": author, "evidence": evidence, "count": sample.count},
    )
