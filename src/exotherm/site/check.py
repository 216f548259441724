"""Checks of a site: what can be read from the file alone and would fail in the plant room."""

from exotherm.core.documents import Source
from exotherm.core.findings import Finding
from exotherm.site.check_basis import BASIS_CHECKS
from exotherm.site.check_capture import CAPTURE_CHECKS
from exotherm.site.check_cop import COP_CHECKS
from exotherm.site.check_customers import CUSTOMER_CHECKS
from exotherm.site.check_heat_pump import HEAT_PUMP_CHECKS
from exotherm.site.check_hours import HOUR_CHECKS
from exotherm.site.check_meters import METER_CHECKS
from exotherm.site.check_network import NETWORK_CHECKS
from exotherm.site.check_rejection import REJECTION_CHECKS
from exotherm.site.check_transfer import TRANSFER_CHECKS
from exotherm.site.check_usual import USUAL_CHECKS
from exotherm.site.check_values import VALUE_CHECKS
from exotherm.site.check_words import SiteCheck
from exotherm.site.document import Site

SITE_CHECKS: tuple[SiteCheck, ...] = (
    *REJECTION_CHECKS,
    *CAPTURE_CHECKS,
    *TRANSFER_CHECKS,
    *HEAT_PUMP_CHECKS,
    *COP_CHECKS,
    *CUSTOMER_CHECKS,
    *HOUR_CHECKS,
    *NETWORK_CHECKS,
    *USUAL_CHECKS,
    *VALUE_CHECKS,
    *METER_CHECKS,
    *BASIS_CHECKS,
)


def check_site(site: Site, *, text: str = "", file: str = "site.toml") -> tuple[Finding, ...]:
    """Check that a site makes physical sense, and give every finding about it.

    ``text`` is the file that the site was read from; with it findings have lines.
    """
    source = Source(file=file, text=text)
    return tuple(finding for check in SITE_CHECKS for finding in check(site, source))
