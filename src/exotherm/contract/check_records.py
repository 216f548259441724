"""Checks of what is measured, kept and billed, beside the meter itself: points, ladder, records.

``RECORD_CHECKS`` holds with them those of look-back, of the bill's papers and of the fallback.
"""

from collections.abc import Iterator

from exotherm.contract.case import Case, Check
from exotherm.contract.check_billing import BILLING_CHECKS
from exotherm.contract.check_fallback import FALLBACK_CHECKS
from exotherm.contract.check_look_back import LOOK_BACK_CHECKS
from exotherm.contract.spans import days, months, years
from exotherm.contract.terms import clauses_of
from exotherm.contract.terms.metering_data import RungMethod
from exotherm.core.findings import Finding
from exotherm.core.units import label_of

# From the best evidence to the weakest; methods of one rank are as good as each other.
_RANKS: dict[RungMethod, int] = {
    "register": 0,
    "check meter": 1,
    "same period last year": 2,
    "mean of the periods before and after": 2,
    "agreed estimate": 3,
}
_MONTH_DAYS_MAX = 31
_MONTHS_PER_YEAR = 12


def _points_exist(case: Case) -> Iterator[Finding]:
    """Check that registers beside the billed one are told by meters of the site (X23)."""
    own, units = case.contract.check_meter, case.contract.sub_metering
    if own is not None and own.point is not None:
        yield from _register_exists(case, own.point, "check_meter", "point")
        billed = case.contract.delivered_heat.point.partition(".")[0]
        if own.point in case.points and own.point.partition(".")[0] == billed:
            yield case.source.error(
                "contract.check-meter-same",
                "check_meter",
                "point",
                message=f"`{own.point}` is told by the meter that is billed; a meter cannot check "
                "itself.",
                remedy="Name the register of the second meter, or write `installed = false`.",
                point=own.point,
            )
    for index, name in enumerate(units.points if units is not None else ()):
        yield from _register_exists(case, name, "sub_metering", "points", index)


def _register_exists(case: Case, name: str, *path: str | int) -> Iterator[Finding]:
    point = case.points.get(name)
    registers = [one for one in case.points.values() if (one.kind, one.unit) == ("register", "kwh")]
    known = sorted(one.name for one in registers)
    have = ", ".join(f"`{one}`" for one in known) or "none"
    if point is None:
        yield case.source.error(
            "contract.point-unknown",
            *path,
            message=f"No meter of the site tells `{name}`.",
            remedy=f"Name a register of heat in kWh; the site's meters tell: {have}.",
            point=name,
            known=known,
        )
    elif point not in registers:
        kind = "a register" if point.kind == "register" else "a value of the moment"
        yield case.source.error(
            "contract.point-wrong-kind",
            *path,
            message=f"`{name}` is {kind} in {label_of(name)}, but a register of heat in kWh is "
            "wanted.",
            remedy=f"Name one of: {have}.",
            point=name,
            kind=point.kind,
            unit=point.unit,
        )


def _references_hold(case: Case) -> Iterator[Finding]:
    """Check that no clause counts on a clause which is not there (X23)."""
    there = case.contract.clauses
    for table, field, wanted in _references(case):
        if wanted in there and not (wanted == "check_meter" and not _has_check_meter(case)):
            continue
        clause = clauses_of()[wanted]
        yield case.source.error(
            "contract.reference-to-nothing",
            table,
            field,
            message=f"`{table}.{field}` counts on clause {clause.number} ({clause.title}), which "
            "is not there.",
            remedy=f"Add a table `[{wanted}]`, or write `{field}` so that it does without.",
            clause=clause.number,
        )


def _has_check_meter(case: Case) -> bool:
    own = case.contract.check_meter
    return own is not None and own.installed


def _references(case: Case) -> Iterator[tuple[str, str, str]]:
    """Give table and field of each place that counts on another clause, and that one's table."""
    contract = case.contract
    correction, tampering = contract.error_correction, contract.tampering
    if any(rung.method == "check meter" for rung in contract.missing_data.rungs):
        yield "missing_data", "rungs", "check_meter"
    if correction is not None and "check meter" in correction.methods:
        yield "error_correction", "methods", "check_meter"
    if tampering is not None and tampering.estimated_by == "check meter":
        yield "tampering", "estimated_by", "check_meter"
    if contract.check_meter is not None and contract.check_meter.installed:
        yield "check_meter", "precedence", "challenge_test"
    if contract.data_access is not None and not contract.data_access.charge_free:
        yield "data_access", "charge_free", "other_charges"
    if contract.bill_frequency is not None and not contract.bill_frequency.charge_free:
        yield "bill_frequency", "charge_free", "other_charges"


def _rungs_are_a_ladder(case: Case) -> Iterator[Finding]:
    """Check that missing readings are filled by the best evidence first, each method once."""
    rungs = case.contract.missing_data.rungs
    seen: set[RungMethod] = set()
    weakest = rungs[0]
    for index, rung in enumerate(rungs):
        if rung.method in seen:
            yield case.source.error(
                "contract.rung-repeated",
                "missing_data",
                "rungs",
                index,
                message=f"The rung “{rung.method}” stands twice; only one of its spans can hold.",
                remedy="Remove one of the two.",
                method=rung.method,
            )
        elif _RANKS[rung.method] < _RANKS[weakest.method]:
            yield case.source.error(
                "contract.rungs-out-of-order",
                "missing_data",
                "rungs",
                index,
                message=f"“{rung.method}” stands after “{weakest.method}”, which is the weaker "
                "evidence of the two.",
                remedy="List what was measured first and estimates last.",
                method=rung.method,
                after=weakest.method,
            )
        seen.add(rung.method)
        weakest = max(weakest, rung, key=lambda one: _RANKS[one.method])


def _ladder_reaches(case: Case) -> Iterator[Finding]:
    """Check that a whole period without readings can still be billed."""
    longest = max(rung.days_max for rung in case.contract.missing_data.rungs)
    if longest < _MONTH_DAYS_MAX:
        yield case.source.error(
            "contract.ladder-too-short",
            "missing_data",
            "rungs",
            message=f"Gaps of at most {days(longest)} are filled, but a month has up to "
            f"{days(_MONTH_DAYS_MAX)}: a month without readings would have no bill.",
            remedy="End the ladder with an agreed estimate for a year.",
            days_max=longest,
        )


def _records_last(case: Case) -> Iterator[Finding]:
    """Check that readings and invoices are kept as long as a bill can be corrected or disputed."""
    kept, look_back = case.contract.retention, case.contract.look_back
    disputed = case.contract.disputed_amounts
    if kept is None:
        return
    needed = {
        "BIL-7": look_back.months_max if look_back is not None else 0,
        "BIL-13": disputed.window_months if disputed is not None else 0,
    }
    clause = max(needed, key=lambda one: needed[one])
    for field in ("readings_years", "invoices_years"):
        kept_years: int = getattr(kept, field)
        if kept_years * _MONTHS_PER_YEAR < needed[clause]:
            yield case.source.error(
                "contract.retention-too-short",
                "retention",
                field,
                message=f"By `{field}` records are kept for {years(kept_years)}, but a bill can be "
                f"corrected or disputed for {months(needed[clause])} ({clause}): the proof would "
                "be gone.",
                remedy=f"Keep them for {years(-(-needed[clause] // _MONTHS_PER_YEAR))} at least.",
                years=kept_years,
                months=needed[clause],
            )


def _archives_agree(case: Case) -> Iterator[Finding]:
    """Check that invoices are kept for one number of years."""
    kept, sent = case.contract.retention, case.contract.e_invoice
    if kept is not None and sent is not None and kept.invoices_years != sent.archive_years:
        yield case.source.warning(
            "contract.archive-differs",
            "e_invoice",
            "archive_years",
            message=f"Invoices are archived for {years(sent.archive_years)} (BIL-11), but kept "
            f"for {years(kept.invoices_years)} (MET-14).",
            remedy="Write the number that tax law wants into both clauses.",
            archive_years=sent.archive_years,
            invoices_years=kept.invoices_years,
        )


RECORD_CHECKS: tuple[Check, ...] = (
    _points_exist,
    _references_hold,
    _rungs_are_a_ladder,
    _ladder_reaches,
    _records_last,
    _archives_agree,
    *LOOK_BACK_CHECKS,
    *BILLING_CHECKS,
    *FALLBACK_CHECKS,
)
