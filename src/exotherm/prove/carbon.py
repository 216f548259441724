"""Emissions that delivered heat avoids, after all that it costs, at the cautious end.

GHG Protocol for projects (avoided against a baseline boiler), uncertainty by the GUM, all terms
correlated over the whole period because factors and meters err the same way all month.
"""

from dataclasses import dataclass
from decimal import Decimal, localcontext

from exotherm.core.money import round_decimal
from exotherm.core.units import format_number, format_quantity
from exotherm.prove.balance import RATIO_DECIMALS, ROUNDING
from exotherm.prove.measured import EXACT

EMISSION_DECIMALS = 3
COVERAGE = Decimal("1.645")
"""One-sided 95 % of the normal distribution."""
UNCERTAINTY_FRAC_MAX = Decimal("0.3")
_NOUGHT = Decimal(0)
_FACTOR_UNITS = {
    "boiler_frac": "kWh heat/kWh fuel",
    "fuel_gco2e_per_kwh": "g CO2e/kWh",
    "grid_gco2e_per_kwh": "g CO2e/kWh",
    "grid_upstream_gco2e_per_kwh": "g CO2e/kWh",
    "baseline_demand_kwh": "kWh",
    "induced_frac": "share of site electricity",
    "other_kgco2e": "kg CO2e",
    "heat_meter_mpe_frac": "share of the heat",
    "electricity_meter_mpe_frac": "share of the electricity",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A number that was not measured: its value, where it is from, and of which year.

    ``uncertainty_frac`` is its relative standard uncertainty.
    """

    value: Decimal
    source: str
    vintage: str
    uncertainty_frac: Decimal = _NOUGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class CarbonInputs:
    """What the carbon account of a period needs besides readings.

    Fuel, its factor and the boiler's efficiency are all on the gross calorific value. State
    ``baseline_demand_kwh`` (heat the customer needed) at its cautious, low end and
    ``induced_frac`` (share of the site's electricity that ran only for its heat) at its high end:
    neither carries an uncertainty here. Raises ValueError for values no claim can rest on.
    """

    boiler_frac: Factor
    fuel_gco2e_per_kwh: Factor
    grid_gco2e_per_kwh: Factor
    baseline_demand_kwh: Factor
    induced_frac: Factor
    heat_meter_mpe_frac: Factor
    """largest permitted error of the heat meter; its standard uncertainty is that over √3"""
    electricity_meter_mpe_frac: Factor
    grid_upstream_gco2e_per_kwh: Factor | None = None
    other_kgco2e: Factor | None = None
    """refrigerant lost, or equipment made, in this period"""

    def __post_init__(self) -> None:
        for name, factor in self.named():
            if factor.value < 0:
                raise ValueError(f"{name} is not below nought, not {factor.value}")
            if not 0 <= factor.uncertainty_frac <= UNCERTAINTY_FRAC_MAX:
                raise ValueError(
                    f"no claim can rest on {name} with an uncertainty of {factor.uncertainty_frac};"
                    f" at most {UNCERTAINTY_FRAC_MAX}"
                )
        for name in ("heat_meter_mpe_frac", "electricity_meter_mpe_frac"):
            if getattr(self, name).value > UNCERTAINTY_FRAC_MAX:
                raise ValueError(f"{name} is at most {UNCERTAINTY_FRAC_MAX}")
        if not 0 < self.boiler_frac.value <= Decimal("1.1") or self.induced_frac.value > 1:
            raise ValueError("boiler_frac lies above 0 and up to 1.1, induced_frac up to 1")

    def named(self) -> tuple[tuple[str, Factor], ...]:
        """List the factors that are stated, by name."""
        stated = ((name, getattr(self, name)) for name in _FACTOR_UNITS)
        return tuple((name, factor) for name, factor in stated if factor is not None)

    @property
    def grid_kg_per_kwh(self) -> Decimal:
        """Emissions of a kWh of electricity, what happens before the power station included."""
        return (self.grid_gco2e_per_kwh.value + _value(self.grid_upstream_gco2e_per_kwh)).scaleb(-3)


@dataclass(frozen=True, slots=True, kw_only=True)
class AvoidedEmissions:
    """The carbon account of a period; emissions in kg CO₂e to the gram, each rounded once.

    ``avoided_kgco2e`` gives the heat none of the electricity it was made from (zero burden);
    ``energy_allocated_kgco2e`` all of it in proportion to energy. The truth about a share lies
    between. Negative figures stay as they are.
    """

    displaced_kwh: Decimal
    backup_heat_kwh: Decimal
    baseline_kgco2e: Decimal
    project_kgco2e: Decimal
    induced_kgco2e: Decimal
    avoided_kgco2e: Decimal
    uncertainty_kgco2e: Decimal
    """combined standard uncertainty of what is avoided"""
    conservative_kgco2e: Decimal
    """avoided less 1.645 standard uncertainties: the only figure that is claimed"""
    energy_allocated_kgco2e: Decimal
    allocation_frac: Decimal | None
    break_even_gco2e_per_kwh: Decimal | None
    """factor of the grid above which nothing is avoided any more"""


@dataclass(frozen=True, slots=True)
class _Terms:
    """The unrounded terms of the account, in kg."""

    baseline: Decimal
    electricity: Decimal
    other: Decimal
    induced: Decimal
    backup_fuel: Decimal

    @property
    def avoided(self) -> Decimal:
        return self.baseline - self.electricity - self.other - self.induced


def avoided_emissions(
    *,
    delivered_kwh: Decimal,
    auxiliary_kwh: Decimal,
    fuel_kwh: Decimal,
    site_kwh: Decimal,
    inputs: CarbonInputs,
    recovered_kwh: Decimal | None = None,
) -> AvoidedEmissions:
    """Work out what delivered heat avoided, its uncertainty and the conservative claim.

    BE = Q_disp / eta · EF_fuel with Q_disp = min(Q_delivered, max(0, demand - fuel · eta)); PE =
    auxiliary electricity · EF_el + other; IE = induced share of E_DC · EF_el; AE = BE - PE - IE.
    The backup boiler's fuel stands outside: with and without the project it burns what the
    project does not displace. Counting its heat in BE and its fuel in PE adds and takes away
    fuel · EF_fuel and gives the same AE. Its heat still counts in the uncertainty of the
    boiler and of the heat, as if it had passed the meter. ``recovered_kwh`` is the heat before a
    heat pump adds to it; the delivered heat where it is not given.
    """
    with localcontext(EXACT):
        eta = inputs.boiler_frac.value
        backup = fuel_kwh * eta
        still_needed = max(_NOUGHT, inputs.baseline_demand_kwh.value - backup)
        displaced = min(delivered_kwh, still_needed)
        fuel_kg_per_kwh = inputs.fuel_gco2e_per_kwh.value.scaleb(-3)
        grid_kg_per_kwh = inputs.grid_kg_per_kwh
        terms = _Terms(
            baseline=displaced / eta * fuel_kg_per_kwh,
            electricity=auxiliary_kwh * grid_kg_per_kwh,
            other=_value(inputs.other_kgco2e),
            induced=site_kwh * inputs.induced_frac.value * grid_kg_per_kwh,
            backup_fuel=fuel_kwh * fuel_kg_per_kwh,
        )
        uncertainty = _variance(terms, inputs).sqrt()
        recovered = delivered_kwh if recovered_kwh is None else recovered_kwh
        charged_kwh = auxiliary_kwh + site_kwh * inputs.induced_frac.value
        return AvoidedEmissions(
            displaced_kwh=_rounded(displaced),
            backup_heat_kwh=_rounded(backup),
            baseline_kgco2e=_rounded(terms.baseline),
            project_kgco2e=_rounded(terms.electricity + terms.other),
            induced_kgco2e=_rounded(terms.induced),
            avoided_kgco2e=_rounded(terms.avoided),
            uncertainty_kgco2e=_rounded(uncertainty),
            conservative_kgco2e=_rounded(terms.avoided - COVERAGE * uncertainty),
            energy_allocated_kgco2e=_rounded(terms.avoided - recovered * grid_kg_per_kwh),
            allocation_frac=_rounded(recovered / site_kwh, RATIO_DECIMALS) if site_kwh else None,
            break_even_gco2e_per_kwh=(
                _rounded((terms.baseline - terms.other) / charged_kwh * 1000)
                if charged_kwh
                else None
            ),
        )


def _variance(terms: _Terms, inputs: CarbonInputs) -> Decimal:
    """Sum the squares of the terms' uncertainties in kg²; each is correlated over the period.

    A meter's error lies anywhere within what is permitted (rectangular): the square of its
    standard uncertainty is a third of that squared.
    """
    heat_mpe = inputs.heat_meter_mpe_frac.value
    electricity_mpe = inputs.electricity_meter_mpe_frac.value
    boiler, fuel, grid, other = (
        factor.uncertainty_frac if factor else _NOUGHT
        for factor in (
            inputs.boiler_frac,
            inputs.fuel_gco2e_per_kwh,
            inputs.grid_gco2e_per_kwh,
            inputs.other_kgco2e,
        )
    )
    heat_kg = terms.baseline + terms.backup_fuel
    electricity_kg = terms.electricity + terms.induced
    return (
        heat_kg**2 * (heat_mpe**2 / 3 + boiler**2)
        + terms.baseline**2 * fuel**2
        + electricity_kg**2 * (electricity_mpe**2 / 3 + grid**2)
        + terms.other**2 * other**2
    )


def explain_claim(
    avoided: AvoidedEmissions,
    *,
    inputs: CarbonInputs,
    hours_measured: int,
    hours_total: int,
    claimable: bool = True,
) -> tuple[str, ...]:
    """Say the claim in sentences that can each be backed: figure, cautious end, data, boundary.

    ``claimable`` is False where the readings contradict the first law.
    """
    return (
        _say_figure(avoided),
        _say_claim(avoided, claimable=claimable),
        _say_measured(hours_measured, hours_total),
        _say_boundary(inputs),
        _say_envelope(avoided),
    )


def _say_figure(avoided: AvoidedEmissions) -> str:
    net, uncertainty = avoided.avoided_kgco2e, avoided.uncertainty_kgco2e
    shown = f"{format_number(abs(net), 0)} ± {format_quantity('kgco2e', uncertainty)}"
    if net < 0:
        return f"The heat service caused {shown} more than it avoided (± one standard uncertainty)."
    return f"The delivered heat avoided {shown} (± one standard uncertainty)."


def _say_claim(avoided: AvoidedEmissions, *, claimable: bool) -> str:
    if not claimable:
        return "No saving is claimed: the readings contradict the conservation of energy."
    cautious = format_quantity("kgco2e", avoided.conservative_kgco2e)
    if avoided.conservative_kgco2e <= 0:
        return f"At the cautious end (one-sided 95 %) it is {cautious}: no saving is claimed."
    return f"Claimed is the cautious end (one-sided 95 %): {cautious}."


def _say_measured(hours_measured: int, hours_total: int) -> str:
    share = format_quantity("frac", Decimal(hours_measured) / Decimal(hours_total))
    return (
        f"Measured: {hours_measured} of {hours_total} hours ({share}); what was not measured"
        " counts as no heat and as the most electricity and fuel."
    )


def _say_boundary(inputs: CarbonInputs) -> str:
    grid, fuel = inputs.grid_gco2e_per_kwh, inputs.fuel_gco2e_per_kwh
    grid_g_per_kwh = inputs.grid_kg_per_kwh.scaleb(3)
    sentence = (
        "Boundary: the servers' heat carries none of the electricity it was made from (zero"
        " burden); electricity counts with the location-based factor of"
        f" {format_quantity('gco2e_per_kwh', grid_g_per_kwh)} ({grid.vintage}), the displaced"
        f" fuel with {format_quantity('gco2e_per_kwh', fuel.value)} ({fuel.vintage})."
    )
    if not inputs.induced_frac.value:
        return sentence
    share = format_quantity("frac", inputs.induced_frac.value)
    return f"{sentence} Of the site's electricity {share} counts as run only for its heat."


def _say_envelope(avoided: AvoidedEmissions) -> str:
    sentence = (
        "If the heat carried its share of that electricity by energy, the figure would be"
        f" {format_quantity('kgco2e', avoided.energy_allocated_kgco2e)}."
    )
    if (avoided.avoided_kgco2e < 0) == (avoided.energy_allocated_kgco2e < 0):
        return sentence
    return f"{sentence} The sign depends on this choice: never quote one figure without the other."


def unit_of_factor(name: str) -> str:
    """Give the unit in which a factor of ``CarbonInputs`` is stated, in plain letters."""
    return _FACTOR_UNITS[name]


def _value(factor: Factor | None) -> Decimal:
    return _NOUGHT if factor is None else factor.value


def _rounded(value: Decimal, decimals: int = EMISSION_DECIMALS) -> Decimal:
    """Round a figure once, and write a negative nought as nought."""
    return round_decimal(value, rule=ROUNDING, decimals=decimals) + 0
