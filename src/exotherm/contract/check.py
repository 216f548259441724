"""Checks of a contract against itself and its site, before anybody signs it."""

from collections.abc import Mapping

from exotherm.contract.case import Case
from exotherm.contract.check_agreed import AGREED_CHECKS
from exotherm.contract.check_measuring import MEASURING_CHECKS
from exotherm.contract.check_money import MONEY_CHECKS
from exotherm.contract.check_needs import NEED_CHECKS
from exotherm.contract.check_promise import PROMISE_CHECKS
from exotherm.contract.check_reach import REACH_CHECKS
from exotherm.contract.check_records import RECORD_CHECKS
from exotherm.contract.check_tariff import TARIFF_CHECKS
from exotherm.contract.check_total import TOTAL_CHECKS
from exotherm.contract.terms import Contract
from exotherm.core.documents import Source
from exotherm.core.findings import Finding
from exotherm.core.samples import Point
from exotherm.site.document import Site


def check_contract(
    contract: Contract,
    site: Site,
    points: Mapping[str, Point],
    *,
    text: str = "",
    file: str = "contract.toml",
) -> tuple[Finding, ...]:
    """Check that a contract can be kept, measured and billed at its site; give every finding.

    ``points`` are those of the site's meters by name. ``text`` is the file that the contract was
    read from; with it findings have lines.
    """
    source = Source(file=file, text=text)
    case = Case(contract=contract, site=site, points=points, source=source)
    checks = (
        *NEED_CHECKS,
        *TOTAL_CHECKS,
        *AGREED_CHECKS,
        *MEASURING_CHECKS,
        *RECORD_CHECKS,
        *REACH_CHECKS,
        *PROMISE_CHECKS,
        *TARIFF_CHECKS,
        *MONEY_CHECKS,
    )
    return tuple(finding for check in checks for finding in check(case))
