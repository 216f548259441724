"""A reading that a person took off a meter's display, with who took it and what shows it.

It is held against its neighbours as a polled one is, and against the one after it too: what the
register cannot have done is refused, while the person is there to look again; what the plant can
hardly have done is kept as suspect, and not billed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from exotherm.core.errors import UnableTo
from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.period import write_instant
from exotherm.core.samples import Origin, Point, Quality, Sample
from exotherm.core.sentences import is_line, visible
from exotherm.core.units import format_quantity
from exotherm.operate.limits import Limits, limits_of
from exotherm.site.document import Site, points_of
from exotherm.store.sqlite import Store
from exotherm.usecases.entry_checks import Around, Known, known_around, way_of

HAND_READING_CODE = "meter.hand-reading"
TOO_FAST_CODE = "meter.register-too-fast"


class UnableToEnterReading(UnableTo):
    """A reading that was typed in cannot be one of this meter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredReading:
    """A reading as it was kept, and what of it does not fit those around it."""

    sample: Sample
    findings: tuple[Finding, ...] = ()


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
) -> EnteredReading:
    """Keep a register reading that a person took, and for good who took it and what shows it.

    Raises UnableToEnterReading for what the register cannot show or cannot have done, for words
    that nobody can read, or where a reading of that instant is kept already.
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
    shown = Known(at=at, count=count_shown(point, value))
    store.keep_site(site.site.name, points.values())
    with store.together():
        around, limits = known_around(store, point, at), limits_of(site)
        _check_advances(point, shown, around, limits)
        far = tuple(_too_far(point, shown, around, limits))
        sample = _sample_of(point, shown, Quality.SUSPECT if far else Quality.GOOD, now=now)
        if not store.save_samples([sample]).stored:
            raise UnableToEnterReading(
                f"{point.name} has a reading of {write_instant(at)} already",
                remedy="A reading is never changed; enter the one of another instant.",
            )
        taken = _taken(point, sample, author, evidence)
        store.save_findings([taken], at=at, apart=write_instant(at))
    return EnteredReading(sample=sample, findings=far)


def _sample_of(point: Point, shown: Known, quality: Quality, *, now: datetime) -> Sample:
    return Sample(
        point=point.name,
        source_at=shown.at,
        received_at=now,
        count=shown.count,
        quality=quality,
        origin=Origin.HAND,
    )


def _neighbours(shown: Known, around: Around) -> Iterator[tuple[Known, Known]]:
    """Give the way to a reading and the way from it on, as far as they are known."""
    if around.before is not None:
        yield around.before, shown
    if around.after is not None:
        yield shown, around.after


def _check_advances(point: Point, shown: Known, around: Around, limits: Limits) -> None:
    """Refuse a reading to which or from which the register would have gone backwards."""
    for earlier, later in _neighbours(shown, around):
        went, _ = way_of(point, limits, earlier, later)
        if went is None:
            raise UnableToEnterReading(
                f"{point.name} would have shown {_told(point, earlier)} and then, which is less, "
                f"{_told(point, later)}; a register only advances",
                remedy="Check the digits and the instant against the display. Where the meter was "
                "exchanged or reset in between, enter that first; where the other reading is "
                "wrong, correct it first.",
            )


def _too_far(point: Point, shown: Known, around: Around, limits: Limits) -> Iterator[Finding]:
    for earlier, later in _neighbours(shown, around):
        went, most = way_of(point, limits, earlier, later)
        if went is None or went <= most:
            continue
        yield Finding(
            code=TOO_FAST_CODE,
            severity=Severity.WARNING,
            where=Where(path=point.name),
            message=f"By this reading {point.name} went {_quantity(point, went)} from "
            f"{write_instant(earlier.at)} to {write_instant(later.at)}, where "
            f"{_quantity(point, most)} are possible. The reading of {write_instant(shown.at)} is "
            "kept as suspect and not billed.",
            remedy="Check its digits and its instant against what shows it; `exotherm operate "
            "correct` enters what stands for that instant. Where it is right, the ratings in the "
            "site file are too small.",
            data={"went_count": went, "count_max": most, "at": write_instant(shown.at)},
        )


def _told(point: Point, known: Known) -> str:
    return f"{_quantity(point, known.count)} at {write_instant(known.at)}"


def _quantity(point: Point, count: int) -> str:
    return format_quantity(point.name, point.value_of(count), decimals=point.decimals)


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
    doubt = "" if sample.quality is Quality.GOOD else " It does not fit those around it: suspect."
    return Finding(
        code=HAND_READING_CODE,
        severity=Severity.NOTE,
        where=Where(path=point.name),
        message=f"{author} read {shown} off the display at {write_instant(sample.source_at)}: "
        f"{evidence}.{doubt}",
        remedy="Keep what shows it as long as the invoice.",
        data={"author": author, "evidence": evidence, "count": sample.count},
    )
