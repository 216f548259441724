from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

from exotherm.contract.terms import Contract
from exotherm.core.units import (
    MINUS,
    NO_BREAK_SPACE,
    THIN_SPACE,
    UNITS,
    format_number,
    format_quantity,
    label_of,
    unit_of,
)
from exotherm.site.document import Site
from exotherm.site.heat_network import HeatNetwork
from exotherm.site.survey.document import Survey

# Numbers that are not quantities, or whose unit is spelled out in the name itself.
WITHOUT_UNIT = {
    "study.year",
    "risk.electricity_fuel_correlation",
    "strategy.score",
    "uplink.port",
    "economics.investment.size_exponent",
    "pool.activity_occupied",
    "pool.activity_unoccupied",
    "weather.seed",
    "pool.opening.opens_at",
    "pool.opening.closes_at",
    "pool.opening.weekdays",
    "air_cooling.eer",
    "heat_pump.points.cop",
    "heat_pump.cop_max",
    "buffer.layers",
    "buffer.height_to_width",
    "buildings.emitter.exponent",
    "buildings.opening.opens_at",
    "buildings.opening.closes_at",
    "buildings.opening.weekdays",
    "network.consumers",
    "pipes.dn",
    "pipes.series",
    "pipes.fittings",
    "water.slope",
    "network.slope",
    "meters.port",
    "meters.address",
    "contract.version",
    "access.weekdays",
    "access.opens_at",
    "access.closes_at",
    "season.weather.hour",
    "season.weather.days_in_a_row",
    "maintenance.windows.weekday",
    "maintenance.windows.starts_at",
    "maintenance.windows.ends_at",
    "heat_meter.accuracy_class",
    "meter_installation.diameters_before",
    "meter_installation.diameters_behind",
    "registers.digits",
    "registers.decimals",
    "registers.multiplier",
    "energy_price.hours.weekdays",
    "energy_price.hours.starts_at",
    "energy_price.hours.ends_at",
    "index_rounding.factor_decimals",
    "index_rounding.price_decimals",
    "index_example.values.value",
    "index_example.factor",
    "index_example.result",
    "estimates.consecutive_max",
    "meter_place.diameters_before",
    "meter_place.diameters_behind",
    "shutdowns.weekdays",
}
DIFFERENCES = {"lift", "tolerance", "swing", "approach", "rise", "drop", "difference", "spread"}


def is_number(annotation: Any) -> bool:
    if get_origin(annotation) is Annotated:
        return is_number(get_args(annotation)[0])
    if get_origin(annotation) is Literal:
        return any(type(choice) is int for choice in get_args(annotation))
    if get_origin(annotation) is tuple:
        return is_number(get_args(annotation)[0])
    return annotation in (int, float, Decimal)


def numbers_of(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        inner = [field.annotation, *get_args(field.annotation)]
        models = [one for one in inner if isinstance(one, type) and issubclass(one, BaseModel)]
        if models:
            yield from numbers_of(models[0], f"{prefix}{name}.")
        elif is_number(field.annotation):
            yield prefix + name


NUMBERS = [
    *dict.fromkeys(
        path for model in (Site, Contract, Survey, HeatNetwork) for path in numbers_of(model)
    )
]


@pytest.mark.parametrize("path", NUMBERS)
def test_every_number_of_the_documents_carries_a_known_unit(path):
    has_unit = unit_of(path.rpartition(".")[2]) is not None
    assert has_unit is (path not in WITHOUT_UNIT)


def test_no_exception_of_the_lint_is_stale():
    assert set(NUMBERS) >= WITHOUT_UNIT


@pytest.mark.parametrize("path", NUMBERS)
def test_a_difference_is_in_kelvin(path):
    name = path.rpartition(".")[2]
    unit = unit_of(name)
    if unit is not None and DIFFERENCES & set(name.split("_")):
        assert unit.suffix != "c"


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("heat_kwh", "kwh"),
        ("supply_c", "c"),
        ("supply_c_min", "c"),
        ("interval_min", "min"),
        ("edge_gap_min_max", "min"),
        ("timeout_s", "s"),
        ("loss_w_per_k", "w_per_k"),
        ("price_per_kwh", "per_kwh"),
        ("available_frac_below", "frac"),
        ("mains_k_swing", "k"),
        ("notice_months", "months"),
        ("min", "min"),
        ("c", "c"),
    ],
)
def test_the_last_unit_of_a_name_counts(name, suffix):
    unit = unit_of(name)
    assert unit is not None
    assert unit.suffix == suffix


@pytest.mark.parametrize("name", ["", "name", "weekdays", "max", "heat_max", "kwh_total"])
def test_a_name_may_have_no_unit(name):
    assert unit_of(name) is None


def test_suffixes_are_distinct():
    suffixes = [unit.suffix for unit in UNITS]
    assert sorted(set(suffixes)) == sorted(suffixes)


def test_labels_take_the_documents_currency():
    assert label_of("price_per_kwh", currency="CHF") == "CHF/kWh"
    assert label_of("name") == ""


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234567.891, 1, f"1{THIN_SPACE}234{THIN_SPACE}567.9"),
        (-3.25, 1, f"{MINUS}3.2"),
        (-0.04, 1, "0.0"),
        (Decimal("0.0750"), 4, "0.0750"),
        (0, 0, "0"),
    ],
)
def test_numbers_have_thin_thousands_and_a_true_minus(value, decimals, text):
    assert format_number(value, decimals) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("nan")])
def test_what_is_no_number_is_never_shown(value):
    with pytest.raises(ValueError, match="not a number"):
        format_number(value, 1)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("heat_kwh", 1234.4, f"1{THIN_SPACE}234{NO_BREAK_SPACE}kWh"),
        ("loss_frac", 0.125, f"12.5{NO_BREAK_SPACE}%"),
        ("fee_per_month", Decimal(120), f"120.00{NO_BREAK_SPACE}EUR/month"),
        ("ratio", 1.005, "1.00"),
    ],
)
def test_a_quantity_is_written_with_its_unit(name, value, text):
    assert format_quantity(name, value) == text


def test_decimals_may_be_asked_for():
    assert format_quantity("supply_c", 30.25, decimals=2) == f"30.25{NO_BREAK_SPACE}°C"
    assert format_quantity("ratio", 1.005, decimals=0) == "1"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("_days", 1, "1 day"), ("_days", 2, "2 days"), ("_months", 1, "1 month")],
)
def test_one_of_a_unit_that_is_a_word_is_one(name, value, said):
    assert format_quantity(name, value) == said.replace(" ", "\u00a0")
