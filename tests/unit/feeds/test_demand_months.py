"""Months with their names: each in its place, or said."""

from zoneinfo import ZoneInfo

import numpy as np
import pytest

from exotherm.core.period import MONTH_NAMES
from exotherm.feeds.demand import read_demand

PROFILE = np.ones(8760)


def read(months, values=None):
    values = values or [1000.0 + place for place in range(12)]
    lines = [
        "month,heat_kwh",
        *(f"{one},{value}" for one, value in zip(months, values, strict=True)),
    ]
    return read_demand(
        "\n".join(lines), file="heat.csv", year=2026, zone=ZoneInfo("Europe/Rome"), profile=PROFILE
    )


@pytest.mark.parametrize(
    "written",
    [
        MONTH_NAMES,
        [name[:3].upper() for name in MONTH_NAMES],
        [str(number) for number in range(1, 13)],
        ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
         "Oktober", "November", "Dezember"],
        ["janv.", "févr.", "mars", "avril", "mai", "juin", "juillet", "août", "sept.", "oct.",
         "nov.", "déc."],
        ["Gennaio", "Febbraio", "Marzo", "Aprile", "Maggio", "Giugno", "Luglio", "Agosto",
         "Settembre", "Ottobre", "Novembre", "Dicembre"],
        [f"{number:02d}/2026" for number in range(1, 13)],
        [f"{name[:3]} 26" for name in MONTH_NAMES],
        [""] * 12,
    ],
)  # fmt: skip
def test_months_in_their_order_are_read(written):
    demand, findings = read(written)
    assert demand is not None, findings
    assert float(demand.heat_kw.sum()) == pytest.approx(sum(1000.0 + place for place in range(12)))


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ([*MONTH_NAMES[6:], *MONTH_NAMES[:6]], 2),
        ([MONTH_NAMES[0], MONTH_NAMES[0], *MONTH_NAMES[2:]], 3),
        (["1", "3", "2", *map(str, range(4, 13))], 3),
        (["Juli", "August", "September", "Oktober", "November", "Dezember", "Januar", "Februar",
          "März", "April", "Mai", "Juni"], 2),
    ],
)  # fmt: skip
def test_a_month_that_is_not_in_its_place_is_said(written, line):
    demand, findings = read(written)
    assert demand is None
    (found,) = findings
    assert (found.code, found.where.line) == ("demand.time-repeated", line)


def test_a_decimal_comma_between_commas_is_no_other_value():
    demand, findings = read(MONTH_NAMES, values=["1000,5"] + ["1000"] * 11)
    assert demand is None
    assert findings[0].code == "csv.too-many-values"
    assert "3 values for 2 columns" in findings[0].message


def test_a_month_that_nobody_can_tell_is_not_taken_by_its_place():
    demand, findings = read(["tammikuu", *MONTH_NAMES[1:]])
    assert demand is None
    assert findings[0].code == "demand.bad-time"
    assert "“tammikuu”" in findings[0].message


@pytest.mark.parametrize("month", ["January", "Januar", "juil."])
def test_one_month_is_no_year(month):
    demand, findings = read([month], values=[31600])
    assert demand is None
    assert findings[0].code == "demand.bad-length"
    assert month in findings[0].message


@pytest.mark.parametrize("year", ["2026", "", "total"])
def test_one_sum_is_the_year(year):
    demand, _ = read([year], values=[31600])
    assert demand is not None
    assert float(demand.heat_kw.sum()) == pytest.approx(31600)
