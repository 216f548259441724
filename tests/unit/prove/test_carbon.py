import math
import random
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.prove.carbon import (
    AvoidedEmissions,
    CarbonInputs,
    Factor,
    avoided_emissions,
    explain_claim,
    unit_of_factor,
)

BANNED = ("neutral", "green", "clean", "zero emission", "zero-emission", "carbon-free", "offset")


def factor(value, uncertainty="0"):
    return Factor(
        value=Decimal(value),
        source="a published table",
        vintage="2024",
        uncertainty_frac=Decimal(uncertainty),
    )


# A year of a site with a heat pump: 533 000 kWh delivered, 27 600 of them by the backup boiler.
EXAMPLE = CarbonInputs(
    boiler_frac=factor("0.92", "0.03"),
    fuel_gco2e_per_kwh=factor("201.96", "0.01"),
    grid_gco2e_per_kwh=factor("363", "0.05"),
    baseline_demand_kwh=factor("533000"),
    induced_frac=factor("0"),
    heat_meter_mpe_frac=factor("0.039806"),
    electricity_meter_mpe_frac=factor("0.01"),
    other_kgco2e=factor("1.8"),
)
ENERGY = {
    "delivered_kwh": Decimal(505_400),
    "auxiliary_kwh": Decimal(150_000),
    "fuel_kwh": Decimal(30_000),
    "site_kwh": Decimal(700_000),
    "recovered_kwh": Decimal(420_000),
}


def account(inputs=EXAMPLE, **changes) -> AvoidedEmissions:
    return avoided_emissions(inputs=inputs, **{**ENERGY, **changes})


def test_the_published_example_comes_out():
    found = account()
    # The published account has the backup boiler inside: 117 005.087 less 6 058.800 of its fuel.
    assert Decimal("110946.287") == found.baseline_kgco2e
    assert Decimal("54451.800") == found.project_kgco2e
    assert Decimal("56494.487") == found.avoided_kgco2e
    assert Decimal("-95965.513") == found.energy_allocated_kgco2e
    assert Decimal("0.6000") == found.allocation_frac
    assert Decimal("739.630") == found.break_even_gco2e_per_kwh
    assert abs(found.uncertainty_kgco2e - Decimal("5319.0")) < Decimal("0.5")
    assert abs(found.conservative_kgco2e - Decimal("47744.8")) < Decimal(1)


def test_a_fifth_of_induced_load_takes_nine_tenths_of_it():
    found = account(inputs=replace(EXAMPLE, induced_frac=factor("0.2")))
    assert Decimal("5674.487") == found.avoided_kgco2e
    assert Decimal("50820.000") == found.induced_kgco2e


def account_with_backup_inside(heat, eta, fuel_ef, grid, electricity):
    """The same account the other way round, in floats: backup heat in, its fuel taken off."""
    return heat / eta * fuel_ef - 30_000 * fuel_ef - electricity * grid - 1.8


def test_the_uncertainty_is_that_of_small_changes():
    """Propagate each term numerically through the other form of the account."""
    nominal = [533_000, 0.92, 0.20196, 0.363, 150_000]
    relative = [0.039806 / math.sqrt(3), 0.03, 0.01, 0.05, 0.01 / math.sqrt(3)]
    at = account_with_backup_inside(*nominal)
    terms = []
    for number, spread in enumerate(relative):
        changed = list(nominal)
        changed[number] *= 1 + spread * 1e-6
        terms.append((account_with_backup_inside(*changed) - at) * 1e6)
    found = account()
    assert at == pytest.approx(float(found.avoided_kgco2e), abs=1e-3)
    assert math.hypot(*terms) == pytest.approx(float(found.uncertainty_kgco2e), abs=0.05)


def test_the_cautious_end_is_exceeded_in_about_95_of_100_worlds():
    rng = random.Random(42)  # noqa: S311 - not a secret
    worlds = sorted(
        account_with_backup_inside(
            533_000 * (1 + rng.uniform(-0.039806, 0.039806)),
            rng.gauss(0.92, 0.92 * 0.03),
            rng.gauss(0.20196, 0.20196 * 0.01),
            rng.gauss(0.363, 0.363 * 0.05),
            150_000 * (1 + rng.uniform(-0.01, 0.01)),
        )
        for _ in range(40_000)
    )
    claimed = float(account().conservative_kgco2e)
    below = sum(world < claimed for world in worlds) / len(worlds)
    assert 0.035 < below < 0.06


def test_only_what_is_still_needed_is_displaced():
    found = account(inputs=replace(EXAMPLE, baseline_demand_kwh=factor("100000")))
    assert Decimal("72400.000") == found.displaced_kwh  # 100 000 less 30 000 · 0.92
    assert Decimal("27600.000") == found.backup_heat_kwh
    nothing = account(inputs=replace(EXAMPLE, baseline_demand_kwh=factor("27000")))
    assert (Decimal("0.000"), Decimal("0.000")) == (nothing.displaced_kwh, nothing.baseline_kgco2e)


def test_negative_results_stay_as_they_are():
    found = account(delivered_kwh=Decimal(0), recovered_kwh=None)
    assert Decimal("-54451.800") == found.avoided_kgco2e
    assert found.conservative_kgco2e < found.avoided_kgco2e
    assert Decimal("-54451.800") == found.energy_allocated_kgco2e


def test_upstream_emissions_of_electricity_count():
    found = account(inputs=replace(EXAMPLE, grid_upstream_gco2e_per_kwh=factor("50")))
    assert Decimal("48994.487") == found.avoided_kgco2e  # 150 000 kWh · 50 g less


def test_without_burden_there_is_no_break_even():
    assert account(auxiliary_kwh=Decimal(0)).break_even_gco2e_per_kwh is None
    assert account(site_kwh=Decimal(0)).allocation_frac is None


KWH = st.integers(0, 10**7).map(lambda count: Decimal(count).scaleb(-1))
SHARE = st.integers(0, 300).map(lambda count: str(Decimal(count).scaleb(-3)))


@given(
    energy=st.tuples(KWH, KWH, KWH, KWH),
    worse=st.tuples(KWH, KWH, KWH, KWH),
    demand=KWH,
    spreads=st.tuples(SHARE, SHARE, SHARE, SHARE),
)
def test_less_heat_and_more_burden_never_claim_more(energy, worse, demand, spreads):
    inputs = replace(
        EXAMPLE,
        baseline_demand_kwh=factor(demand),
        induced_frac=factor("0.1"),
        boiler_frac=factor("0.92", spreads[0]),
        fuel_gco2e_per_kwh=factor("201.96", spreads[1]),
        grid_gco2e_per_kwh=factor("363", spreads[2]),
        heat_meter_mpe_frac=factor(spreads[3]),
    )
    better = dict(
        zip(("delivered_kwh", "auxiliary_kwh", "fuel_kwh", "site_kwh"), energy, strict=True)
    )
    less = {name: value + more for (name, value), more in zip(better.items(), worse, strict=True)}
    less["delivered_kwh"] = max(Decimal(0), energy[0] - worse[0])
    first = avoided_emissions(inputs=inputs, **better)
    second = avoided_emissions(inputs=inputs, **less)
    assert second.avoided_kgco2e <= first.avoided_kgco2e
    assert second.conservative_kgco2e <= first.conservative_kgco2e


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("boiler_frac", factor("0")),
        ("boiler_frac", factor("1.2")),
        ("boiler_frac", factor("0.9", "0.31")),
        ("grid_gco2e_per_kwh", factor("-1")),
        ("induced_frac", factor("1.01")),
        ("heat_meter_mpe_frac", factor("0.31")),
    ],
)
def test_inputs_on_which_no_claim_can_rest_are_refused(name, bad):
    with pytest.raises(ValueError, match=name):
        replace(EXAMPLE, **{name: bad})


def say(found, inputs=EXAMPLE, **options):
    given_hours = {"hours_measured": 743, "hours_total": 744}
    return explain_claim(found, inputs=inputs, **{**given_hours, **options})


def test_the_claim_is_said_with_all_that_belongs_to_it():
    figure, claim, measured, boundary, envelope = say(account())
    assert figure == (
        "The delivered heat avoided 56\u202f494 ± 5\u202f319\u00a0kg CO₂e"
        " (± one standard uncertainty)."
    )
    assert claim == "Claimed is the cautious end (one-sided 95 %): 47\u202f744\u00a0kg CO₂e."
    assert measured.startswith("Measured: 743 of 744 hours (99.9\u00a0%);")
    assert "zero burden" in boundary
    assert "location-based factor of 363.0\u00a0g CO₂e/kWh (2024)" in boundary
    assert envelope == (
        "If the heat carried its share of that electricity by energy, the figure would be"
        " \u221295\u202f966\u00a0kg CO₂e. The sign depends on this choice: never quote one figure"
        " without the other."
    )


def test_where_the_sign_is_sure_nothing_is_said_of_it():
    found = account(recovered_kwh=Decimal(100_000))
    assert found.energy_allocated_kgco2e > 0
    assert "sign" not in " ".join(say(found))


def test_no_saving_is_claimed_where_there_is_none():
    figure, claim, *_ = say(account(delivered_kwh=Decimal(200_000)))
    assert figure.startswith("The heat service caused 10\u202f547 ± ")
    assert claim.endswith("no saving is claimed.")


def test_no_saving_is_claimed_against_the_first_law():
    claim = say(account(), claimable=False)[1]
    assert claim == "No saving is claimed: the readings contradict the conservation of energy."


def test_induced_load_and_upstream_are_said():
    inputs = replace(
        EXAMPLE, induced_frac=factor("0.2"), grid_upstream_gco2e_per_kwh=factor("50.5")
    )
    boundary = say(account(inputs=inputs), inputs)[3]
    assert "413.5\u00a0g CO₂e/kWh" in boundary
    assert boundary.endswith("20.0\u00a0% counts as run only for its heat.")


def test_no_word_is_used_that_cannot_be_backed():
    for found in (account(), account(delivered_kwh=Decimal(0))):
        for claimable in (True, False):
            text = " ".join(say(found, claimable=claimable)).lower()
            assert [] == [word for word in BANNED if word in text]


def test_every_factor_has_a_unit():
    assert all(unit_of_factor(name) for name, _ in EXAMPLE.named())
