"""Checks of how far back bills are corrected, and of estimates that wait to be corrected."""

from calendar import monthrange
from collections.abc import Iterator

from exotherm.contract.case import Case, Check
from exotherm.contract.spans import days, months
from exotherm.contract.terms import clauses_of
from exotherm.contract.terms.corrections import LookBackCause, LookBackLimit
from exotherm.core.findings import Finding

_BILL_MONTHS = 1
_BILL_DAYS_MAX = 31
# A bill follows actual use at least once a year (Directive (EU) 2023/1791, annex IX).
_ESTIMATED_BILLS_MAX = 11
# Causes by which only the supplier loses, so that the two ways need not be alike.
_ONE_WAY: tuple[LookBackCause, ...] = ("late bill", "tampering")


def _estimates_end_within_a_year(case: Case) -> Iterator[Finding]:
    """Check that no year passes without a bill on actual use."""
    row = _estimated_bills(case)
    if row > _ESTIMATED_BILLS_MAX:
        yield case.source.warning(
            "contract.estimates-for-a-year",
            "estimates",
            "consecutive_max",
            message=f"{row} estimated bills may follow each other, so a year could pass without "
            "one on actual use.",
            remedy="Allow two or three; the law of many countries wants a bill on actual use each "
            "year.",
            consecutive_max=row,
        )


def _estimates_have_a_rung(case: Case) -> Iterator[Finding]:
    """Check that the ladder fills as long a gap as estimated bills may span."""
    row, longest = _estimated_bills(case), _longest_rung(case)
    span = _longest_days(row)
    # A ladder that does not even fill a month is a finding of its own.
    if span > longest >= _BILL_DAYS_MAX:
        yield case.source.error(
            "contract.estimates-beyond-ladder",
            "estimates",
            "consecutive_max",
            message=f"{row} estimated bills in a row span up to {days(span)}, but the ladder of "
            f"MET-9 fills at most {days(longest)}.",
            remedy="Allow fewer estimated bills, or lengthen the last rung.",
            consecutive_max=row,
            days_max=longest,
        )


def _estimates_can_be_corrected(case: Case) -> Iterator[Finding]:
    """Check that the first of several estimated bills can still be put right."""
    row, limit = _estimated_bills(case), _limit_of(case, "estimate")
    if limit is not None and _BILL_MONTHS <= limit.refund_months < row * _BILL_MONTHS:
        yield case.source.error(
            "contract.estimates-beyond-look-back",
            "estimates",
            "consecutive_max",
            message=f"The first of {row} estimated bills is {months(row)} old when a reading "
            f"comes, but BIL-7 refunds estimates for at most {months(limit.refund_months)}.",
            remedy="Allow fewer estimated bills, or look back further for estimates.",
            consecutive_max=row,
            refund_months=limit.refund_months,
        )


def _expired_meter_may_be_estimated(case: Case) -> Iterator[Finding]:
    """Check that heat of an expired meter is estimated only where estimates are allowed for it."""
    verification, estimates = case.contract.verification, case.contract.estimates
    if verification is None or estimates is None:
        return
    reasons = estimates.allowed_when
    estimated = verification.if_expired == "estimated until verified"
    if estimated and "verification expired" not in reasons:
        yield case.source.error(
            "contract.estimate-not-allowed",
            "verification",
            "if_expired",
            message="MET-6 estimates heat while the verification has expired, but BIL-4 allows no "
            "estimate for that reason.",
            remedy='Add "verification expired" to `estimates.allowed_when`, or write "not billed '
            'until agreed" here.',
            allowed_when=list(reasons),
        )


def _look_back_is_defined(case: Case) -> Iterator[Finding]:
    """Check that the look-back has a limit for every cause that this contract corrects."""
    if case.contract.look_back is None:
        return
    causes: dict[LookBackCause, str] = {
        "meter error": "MET-8",
        "billing error": "BIL-6",
        "missing readings": "MET-9",
    }
    if _estimated_bills(case):
        causes["estimate"] = "BIL-4"
    if case.contract.tampering is not None:
        causes["tampering"] = "MET-12"
    for cause, clause in causes.items():
        if _limit_of(case, cause) is None:
            yield case.source.error(
                "contract.look-back-undefined",
                "look_back",
                "limits",
                message=f"Bills are corrected for “{cause}” ({clause}), but BIL-7 does not say how "
                "far back.",
                remedy=f'Add a table `[[look_back.limits]]` with `cause = "{cause}"`.',
                cause=cause,
                clause=clause,
            )


def _look_back_reaches(case: Case) -> Iterator[Finding]:
    """Check that a wrong bill can be refunded at all, and as long as it can be charged (X14)."""
    look_back = case.contract.look_back
    for index, limit in enumerate(look_back.limits if look_back is not None else ()):
        if limit.cause in _ONE_WAY:
            continue
        if limit.refund_months < _BILL_MONTHS:
            yield case.source.error(
                "contract.look-back-too-short",
                "look_back",
                "limits",
                index,
                "refund_months",
                message=f"For “{limit.cause}” {months(limit.refund_months)} are refunded, less "
                "than one bill covers: not even the last bill could be put right.",
                remedy="Refund for a year at least.",
                cause=limit.cause,
                refund_months=limit.refund_months,
            )
        elif limit.refund_months < limit.back_charge_months:
            yield _one_sided(case, index, limit)


def _one_sided(case: Case, index: int, limit: LookBackLimit) -> Finding:
    return case.source.warning(
        "contract.look-back-one-sided",
        "look_back",
        "limits",
        index,
        "refund_months",
        message=f"For “{limit.cause}” the supplier charges {months(limit.back_charge_months)} "
        f"later, but the customer gets back only {months(limit.refund_months)}.",
        remedy="Look back for the customer as far as for the supplier, or further.",
        cause=limit.cause,
        back_charge_months=limit.back_charge_months,
        refund_months=limit.refund_months,
    )


def _error_correction_agrees(case: Case) -> Iterator[Finding]:
    """Check that an error of the meter is corrected as far back as BIL-7 says (X14)."""
    correction, limit = case.contract.error_correction, _limit_of(case, "meter error")
    if correction is None or limit is None:
        return
    charged = limit.back_charge_months
    if correction.settles == "refund only" and charged > 0:
        yield case.source.error(
            "contract.look-back-differs",
            "error_correction",
            "settles",
            message="MET-8 settles an error of the meter by a refund only, but BIL-7 charges "
            f"{months(charged)} later.",
            remedy="Write `back_charge_months = 0` for “meter error”, or let MET-8 do both.",
            look_back_months=charged,
        )
        charged = 0
    longest = max(charged, limit.refund_months)
    if correction.months_max != longest:
        yield _differs(case, "error_correction", "months_max", correction.months_max, longest)


def _tampering_agrees(case: Case) -> Iterator[Finding]:
    """Check that heat which passed no meter is charged as far back as BIL-7 says (X14)."""
    tampering, limit = case.contract.tampering, _limit_of(case, "tampering")
    if tampering is None or limit is None:
        return
    ours, theirs = tampering.back_charge_months_max, limit.back_charge_months
    if ours != theirs:
        yield _differs(case, "tampering", "back_charge_months_max", ours, theirs)


def _differs(case: Case, table: str, field: str, ours: int, theirs: int) -> Finding:
    number = clauses_of()[table].number
    return case.source.error(
        "contract.look-back-differs",
        table,
        field,
        message=f"{number} goes back {months(ours)} at most, BIL-7 {months(theirs)}.",
        remedy="Write the same number of months into both clauses.",
        months=ours,
        look_back_months=theirs,
    )


def _estimated_bills(case: Case) -> int:
    """Give how many estimated bills may follow each other; none where BIL-4 is missing."""
    estimates = case.contract.estimates
    return estimates.consecutive_max if estimates is not None else 0


def _limit_of(case: Case, cause: LookBackCause) -> LookBackLimit | None:
    look_back = case.contract.look_back
    return look_back.limit_of(cause) if look_back is not None else None


def _longest_rung(case: Case) -> int:
    return max(rung.days_max for rung in case.contract.missing_data.rungs)


def _longest_days(in_a_row: int) -> int:
    """Give the most days that so many months in a row can have."""
    lengths = [monthrange(2024, month)[1] for month in range(1, 13)]
    starts = range(len(lengths))
    return max(
        sum(lengths[(start + step) % len(lengths)] for step in range(in_a_row)) for start in starts
    )


LOOK_BACK_CHECKS: tuple[Check, ...] = (
    _estimates_end_within_a_year,
    _estimates_have_a_rung,
    _estimates_can_be_corrected,
    _expired_meter_may_be_estimated,
    _look_back_is_defined,
    _look_back_reaches,
    _error_correction_agrees,
    _tampering_agrees,
)
