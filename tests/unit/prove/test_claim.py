from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exotherm.core.findings import Severity
from exotherm.prove.claim import claim_of
from exotherm.prove.measured import RegisterUse, Role


@pytest.fixture(scope="module")
def claim(example):
    def of(**changes):
        standard = {
            "period": example.day,
            "points": example.points,
            "samples": example.samples(),
            "registers": example.registers,
            "inputs": example.inputs,
        }
        return claim_of(**{**standard, **changes})

    return of


def codes(found):
    return sorted(f"{finding.code} {finding.where.path}" for finding in found.findings)


def test_the_whole_day_is_counted_from_its_registers(claim):
    found = claim()
    balance = found.balance
    # 96 quarters of an hour at 22, 300, 250, 5 and 2 counts each.
    assert Decimal(2112) == balance.delivered_kwh
    assert Decimal("2880.0") == balance.site_kwh
    assert Decimal("2400.0") == balance.it_kwh
    assert Decimal("48.0") == balance.auxiliary_kwh
    assert Decimal(192) == balance.fuel_kwh
    assert Decimal("288.0") == balance.unaccounted_kwh
    assert ("1.2000", "0.7333", "0.3200") == (str(balance.pue), str(balance.erf), str(balance.ere))
    assert (24, 24, True, ()) == (
        found.hours_measured,
        found.hours_total,
        found.claimable,
        found.findings,
    )
    assert 5 == len(found.statement)


def test_emissions_follow_from_those_registers(claim):
    found = claim().avoided
    # 2112 kWh < 2500 - 192 · 0.88: all of it is displaced. 418.5 g/kWh with upstream.
    assert round(2112 / 0.88 * 0.1823 - 48 * 0.4185, 3) == float(found.avoided_kgco2e)


def test_losing_all_heat_readings_claims_no_heat(claim, example):
    found = claim(samples={**example.samples(), example.heat.name: ()})
    assert Decimal(0) == found.balance.delivered_kwh
    assert found.avoided.avoided_kgco2e < 0
    assert 0 == found.hours_measured
    assert ["prove.hours-not-measured heat_meter.heat_kwh"] == codes(found)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_taking_readings_away_never_claims_more(claim, example, data):
    whole, kept = claim(), {}
    for name, taken in example.samples().items():
        first, last = sorted(data.draw(st.tuples(st.integers(0, 97), st.integers(0, 97))))
        holes = data.draw(st.sets(st.integers(0, 96), max_size=40))
        kept[name] = tuple(s for i, s in enumerate(taken) if first <= i < last and i not in holes)
    part = claim(samples=kept, inputs=example.inputs)
    assert part.avoided.avoided_kgco2e <= whole.avoided.avoided_kgco2e
    assert part.avoided.conservative_kgco2e <= whole.avoided.conservative_kgco2e
    assert part.avoided.displaced_kwh <= whole.avoided.displaced_kwh
    assert part.hours_measured <= whole.hours_measured


def test_a_boiler_without_a_meter_burns_all_it_can(claim, example):
    without = RegisterUse(point=None, kw_max=Decimal(60), source="burner plate")
    found = claim(registers={**example.registers, Role.FUEL: without})
    assert Decimal(1440) == found.balance.fuel_kwh
    assert Decimal("1232.800") == found.avoided.displaced_kwh  # 2500 - 1440 · 0.88


def test_a_register_that_cannot_be_believed_counts_as_not_measured(claim, example):
    samples = example.samples()
    heat = list(samples[example.heat.name])
    heat[40], heat[41] = heat[41], heat[40]
    broken = [
        type(one)(
            point=one.point,
            source_at=example.start + timedelta(minutes=15 * number),
            received_at=one.received_at,
            count=one.count,
            quality=one.quality,
        )
        for number, one in enumerate(heat)
    ]
    found = claim(samples={**samples, example.heat.name: broken})
    assert Decimal(0) == found.balance.delivered_kwh
    assert ["prove.register-implausible heat_meter.heat_kwh"] == codes(found)
    assert found.claimable


def test_more_heat_than_electricity_blocks_the_claim(claim, example):
    few = tuple(s for s in example.samples()[example.site.name] if s.source_at == example.start)
    low = RegisterUse(point=example.site.name, kw_max=Decimal(20), source="main fuse")
    found = claim(
        samples={**example.samples(), example.site.name: few},
        registers={**example.registers, Role.SITE: low},
    )
    assert not found.claimable
    blocking = [one.code for one in found.findings if one.severity is Severity.ERROR]
    assert ["prove.more-heat-than-electricity", "prove.more-it-than-site"] == blocking
    assert found.statement[1].startswith("No saving is claimed")


def test_every_role_needs_a_register_that_exists(claim, example):
    registers = {role: use for role, use in example.registers.items() if role is not Role.IT}
    with pytest.raises(ValueError, match="no register is stated for it"):
        claim(registers=registers)
    strange = RegisterUse(point="rack.other_kwh", kw_max=Decimal(1), source="none")
    with pytest.raises(ValueError, match=r"rack\.other_kwh, the register of it, is no point"):
        claim(registers={**registers, Role.IT: strange})
