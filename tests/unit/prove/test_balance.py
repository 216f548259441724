from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from exotherm.core.findings import Severity, Where
from exotherm.prove.balance import EnergyBalance, balance_of, check_balance

ENERGY = st.integers(1, 10**9).map(lambda count: Decimal(count).scaleb(-1))
WHERE = Where(path="energy")


def balance(**changes):
    given_kwh = {
        "site_kwh": Decimal(700_000),
        "it_kwh": Decimal(560_000),
        "delivered_kwh": Decimal(420_000),
        "auxiliary_kwh": Decimal(10_000),
        "fuel_kwh": Decimal(30_000),
    }
    return balance_of(**{**given_kwh, **changes})


def codes(found: EnergyBalance):
    return [(one.code, one.severity) for one in check_balance(found, where=WHERE)]


def test_ratios_are_those_of_the_published_example():
    found = balance()
    assert ("1.2500", "0.6000", "0.5000") == (str(found.pue), str(found.erf), str(found.ere))


def test_a_heat_pump_inside_or_outside_changes_pue_and_erf_but_not_ere():
    inside = balance(site_kwh=Decimal(840_000), delivered_kwh=Decimal(560_000))
    assert ("1.5000", "0.6667", "0.5000") == (str(inside.pue), str(inside.erf), str(inside.ere))


def test_half_is_rounded_up():
    assert Decimal("1.0001") == balance(site_kwh=Decimal(200_010), it_kwh=Decimal(200_000)).pue


@given(it=ENERGY, delivered=ENERGY, rejected=st.none() | ENERGY)
def test_the_servers_heat_closes_exactly(it, delivered, rejected):
    found = balance(it_kwh=it, delivered_kwh=delivered, rejected_kwh=rejected)
    assert found.unaccounted_kwh is not None
    assert it == delivered + (rejected or 0) + found.unaccounted_kwh


def test_what_is_not_known_stays_unknown_and_is_told():
    found = balance(it_kwh=None)
    assert (None, None, None) == (found.pue, found.ere, found.unaccounted_kwh)
    assert Decimal("0.6000") == found.erf
    assert [("prove.register-not-measured", Severity.WARNING)] == codes(found)


def test_nothing_runs_no_ratio():
    found = balance(site_kwh=Decimal(0), it_kwh=Decimal(0), delivered_kwh=Decimal(0))
    assert (None, None, None) == (found.pue, found.erf, found.ere)
    assert [] == codes(found)


def test_more_heat_than_electricity_blocks():
    found = balance(delivered_kwh=Decimal(710_001))
    assert [("prove.more-heat-than-electricity", Severity.ERROR)] == codes(found)


def test_what_only_a_heat_pump_explains_is_a_warning():
    for delivered in ("700000.1", "710000"):
        found = balance(delivered_kwh=Decimal(delivered))
        assert [("prove.more-heat-than-electricity", Severity.WARNING)] == codes(found)
    assert [] == codes(balance(delivered_kwh=Decimal(700_000)))


def test_servers_cannot_use_more_than_the_site():
    found = balance(it_kwh=Decimal("700000.1"))
    assert [("prove.more-it-than-site", Severity.ERROR)] == codes(found)
    (finding,) = check_balance(found, where=WHERE)
    assert "700\u202f000\u00a0kWh" in finding.message
    assert {"it_kwh": "700000.1", "site_kwh": "700000"} == dict(finding.data)
