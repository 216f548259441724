"""The one table of units: what each suffix of a name means, its label and its decimals.

A quantity carries its unit in its name: ``heat_kwh``, ``supply_c_min``, ``price_per_kwh``. The
suffix is the unit, what follows it qualifies. The table feeds the CLI, templates, CSV headers, docs
and a lint.
"""

import math
from dataclasses import dataclass
from decimal import Decimal

NO_BREAK_SPACE = "\u00a0"
THIN_SPACE = "\u202f"
MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it stands in names and as people read it.

    ``scale`` is what a value is multiplied by before it is shown: a fraction is shown in per cent.
    ``{currency}`` in a label is replaced by the document's currency.
    """

    suffix: str
    label: str
    decimals: int
    quantity: str
    scale: int = 1


UNITS: tuple[Unit, ...] = (
    Unit("kw", "kW", 1, "power, thermal or electric by the word before it"),
    Unit("mw", "MW", 2, "power in megawatts"),
    Unit("kwh", "kWh", 0, "energy"),
    Unit("mwh", "MWh", 1, "energy in megawatt hours"),
    Unit("c", "°C", 1, "temperature"),
    Unit("k", "K", 1, "temperature difference"),
    Unit("kw_per_k", "kW/K", 2, "heat transfer (UA)"),
    Unit("per_k", "per K", 4, "share per kelvin"),
    Unit("w_per_k", "W/K", 1, "heat loss (UA)"),
    Unit("w_per_m2", "W/m²", 1, "heat flux"),
    Unit("w_per_m2k", "W/(m²·K)", 2, "heat transfer coefficient"),
    Unit("w_per_m", "W/m", 1, "heat per length"),
    Unit("w_per_mk", "W/(m·K)", 3, "heat conductance per length, and conductivity"),
    Unit("kj_per_k", "kJ/K", 0, "heat capacity of a thing"),
    Unit("kwh_per_m2", "kWh/m²", 0, "energy per floor"),
    Unit("l_per_m2_day", "l/(m²·day)", 2, "water per floor and day"),
    Unit("l_per_s_m2", "l/(s·m²)", 1, "air per floor"),
    Unit("m_per_m2", "m/m²", 2, "length per floor"),
    Unit("m_per_h", "m/h", 1, "mass transfer coefficient"),
    Unit("kg_per_m3", "kg/m³", 2, "density"),
    Unit("pa_s", "Pa·s", 6, "viscosity"),
    Unit("kj_per_kgk", "kJ/(kg·K)", 3, "specific heat"),
    Unit("kwh_per_k", "kWh/K", 1, "heat capacity"),
    Unit("kgs", "kg/s", 2, "mass flow"),
    Unit("m3h", "m³/h", 2, "volume flow"),
    Unit("m3", "m³", 2, "volume"),
    Unit("l", "l", 0, "volume in litres"),
    Unit("l_per_kw", "l/kW", 0, "water per power"),
    Unit("m2", "m²", 0, "area"),
    Unit("m", "m", 1, "length"),
    Unit("ms", "m/s", 2, "speed"),
    Unit("pa", "Pa", 0, "pressure"),
    Unit("pa_per_m", "Pa/m", 0, "pressure per length"),
    Unit("bar", "bar", 1, "pressure"),
    Unit("kn_per_m2", "kN/m²", 1, "load on a floor"),
    Unit("kva", "kVA", 1, "apparent power"),
    Unit("a", "A", 0, "electric current"),
    Unit("db", "dB(A)", 0, "level of sound, pressure or power by the word before it"),
    Unit("mg_per_l", "mg/l", 2, "concentration"),
    Unit("mmol_per_l", "mmol/l", 2, "hardness of water, as calcium and magnesium"),
    Unit("deg", "°", 3, "angle"),
    Unit("frac", "%", 1, "fraction, shown in per cent", 100),
    Unit("h", "h", 1, "duration in hours"),
    Unit("min", "min", 0, "duration in minutes"),
    Unit("s", "s", 0, "duration in seconds"),
    Unit("days", "days", 0, "duration in days"),
    Unit("months", "months", 0, "duration in months"),
    Unit("years", "years", 1, "duration in years"),
    Unit("kg", "kg", 0, "mass"),
    Unit("kgco2e", "kg CO₂e", 0, "greenhouse gas"),
    Unit("tco2e", "t CO₂e", 1, "greenhouse gas in tonnes"),
    Unit("gco2e_per_kwh", "g CO₂e/kWh", 1, "emission factor"),
    Unit("per_kwh", "{currency}/kWh", 4, "price of energy"),
    Unit("per_kw", "{currency}/kW", 0, "price of capacity"),
    Unit("per_kw_month", "{currency}/(kW·month)", 2, "price of capacity for a month"),
    Unit("per_month", "{currency}/month", 2, "price of a month"),
    Unit("l_per_bather", "l/bather", 0, "water per bather"),
    Unit("m3_per_week", "m³/week", 1, "volume in a week"),
    Unit("per_day", "per day", 0, "how many in a day"),
    Unit("times_per_year", "times/year", 1, "frequency"),
    Unit("per_year", "{currency}/year", 2, "price of a year"),
    Unit("amount", "{currency}", 2, "money"),
    Unit("npv", "{currency}", 0, "money, net present value"),
)

_BY_SUFFIX = {unit.suffix: unit for unit in UNITS}
_WORDS = ("days", "months", "years")
"""units that are words, of which there is one or there are many"""

# What may follow a unit. "min" is both: `supply_c_min` is in °C, `interval_min` in minutes.
QUALIFIERS = frozenset(
    {
        "min",
        "max",
        "set",
        "rated",
        "mean",
        "swing",
        "below",
        "start",
        "end",
        "design",
        "p5",
        "p10",
        "p90",
        "p95",
    }
)


def unit_of(name: str) -> Unit | None:
    """Find the unit that a name carries, or None for a name without one.

    The last unit in the name counts and the longest form of it: ``loss_w_per_k`` is W/K, not K.
    A last ``min`` means minutes only where no unit stands before it.
    """
    words = name.split("_")
    in_minutes: Unit | None = None
    for end in range(len(words), 0, -1):
        unit = _longest_unit(words[:end])
        if unit is not None and unit.suffix not in QUALIFIERS:
            return unit
        if words[end - 1] not in QUALIFIERS:
            break
        in_minutes = in_minutes or unit
    return in_minutes


def _longest_unit(words: list[str]) -> Unit | None:
    endings = ("_".join(words[begin:]) for begin in range(len(words)))
    return next((_BY_SUFFIX[ending] for ending in endings if ending in _BY_SUFFIX), None)


def label_of(name: str, *, currency: str = "EUR") -> str:
    """Give the unit a person reads beside the value of this name, empty where it has none."""
    unit = unit_of(name)
    return unit.label.format(currency=currency) if unit else ""


def label_in_file(name: str, *, currency: str = "EUR") -> str:
    """Give the unit of this name as a file counts it: per cent are for people to read only."""
    unit = unit_of(name)
    return "fraction" if unit is not None and unit.scale != 1 else label_of(name, currency=currency)


def format_number(value: float | Decimal, decimals: int) -> str:
    """Write a number with thin-space thousands and a true minus sign.

    Raises ValueError for a NaN or an infinity: neither may ever reach a person.
    """
    if not math.isfinite(value):
        raise ValueError(f"not a number that can be shown: {value!r}")
    text = f"{value:,.{decimals}f}"
    if text.startswith("-") and not text.strip("-0.,"):
        text = text[1:]
    return text.replace(",", THIN_SPACE).replace("-", MINUS)


def format_decimal(value: Decimal, *, decimals_min: int = 0) -> str:
    """Write an exact number with all its digits, at least so many behind the point."""
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int), value
    return format_number(value, max(decimals_min, -exponent))


def format_quantity(
    name: str,
    value: float | Decimal,
    *,
    currency: str = "EUR",
    decimals: int | None = None,
) -> str:
    """Write a value as people read it: digits of its unit, then the unit after a no-break space."""
    unit = unit_of(name)
    if unit is None:
        return format_number(value, decimals if decimals is not None else 2)
    shown = format_number(value * unit.scale, unit.decimals if decimals is None else decimals)
    label = unit.label.removesuffix("s") if shown == "1" and unit.suffix in _WORDS else unit.label
    return f"{shown}{NO_BREAK_SPACE}{label.format(currency=currency)}"
