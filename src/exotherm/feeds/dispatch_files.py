"""The files of a dispatch: a series as CSV, and the plant's parameters as JSON.

Columns are those of ``COLUMNS`` in any order, power in kW and prices per kWh; parameters those of
``PARAMETERS``. Others are for their readers and are left alone.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from exotherm.core.findings import Finding, Severity, Where
from exotherm.feeds.columns import Columns, read_columns
from exotherm.plant.dispatch.problem import Dispatch

COLUMNS = ("q_src", "demand", "dmax", "cop", "p_el")
"""the columns of the series: heat at hand, demand, what of it direct use reaches, COP, price"""

_LOWEST: Mapping[str, float] = {"q_src": 0.0, "demand": 0.0, "dmax": 0.0, "cop": 1.0}
_ROWS_MAX = 1_000_000
_LARGE = 1e9
_LISTED = 5
_BYTE_ORDER_MARK = "\ufeff"

PARAMETERS: Mapping[str, tuple[float, float]] = {
    "step_h": (1e-3, 8784.0),
    "hp_el_kw": (0.0, _LARGE),
    "tank_kwh": (0.0, _LARGE),
    "tank_loss_per_h": (0.0, 0.999),
    "boiler_kw": (0.0, _LARGE),
    "boiler_eta": (1e-3, 2.0),
    "p_gas": (-_LARGE, _LARGE),
    "dump_fan": (0.0, 100.0),
}
"""the parameters that a dispatch needs, each with its bounds"""

SIZING: Mapping[str, tuple[float, float]] = {
    "hp_el_max": (0.0, _LARGE),
    "tank_max": (0.0, _LARGE),
    "capex_hp_per_kw_el": (0.0, _LARGE),
    "capex_tank_per_kwh": (0.0, _LARGE),
}
"""those that sizing needs besides, with ``annuity``, or ``wacc`` and ``life_a``"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SizingCosts:
    """Up to what sizes may be chosen, and what a kW and a kWh of them cost in a year."""

    heat_pump_kw_max: float
    tank_kwh_max: float
    heat_pump_cost_per_kw: float
    tank_cost_per_kwh: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchFiles:
    """What came of reading both files: None where a finding says why."""

    problem: Dispatch | None
    sizing: SizingCosts | None
    findings: tuple[Finding, ...]


def read_dispatch(
    series: str, parameters: str, *, series_file: str, parameters_file: str, to_size: bool
) -> DispatchFiles:
    """Read both files; ``to_size`` asks for the costs of sizes as well."""
    findings: list[Finding] = []
    values = _parameters(parameters, parameters_file, findings, to_size=to_size)
    columns = _series(series, series_file, findings)
    if values is None or columns is None or findings:
        return DispatchFiles(problem=None, sizing=None, findings=tuple(findings))
    problem = Dispatch(
        source_kw=columns["q_src"],
        demand_kw=columns["demand"],
        direct_kw_max=columns["dmax"],
        cop=columns["cop"],
        electricity_per_kwh=columns["p_el"],
        step_h=values["step_h"],
        heat_pump_kw_max=values["hp_el_kw"],
        tank_kwh=values["tank_kwh"],
        tank_loss_frac_per_h=values["tank_loss_per_h"],
        boiler_kw_max=values["boiler_kw"],
        boiler_cost_per_kwh=values["p_gas"] / values["boiler_eta"],
        rejection_frac=values["dump_fan"],
    )
    return DispatchFiles(problem=problem, sizing=_sizing(values) if to_size else None, findings=())


# --- Parameters


def _parameters(
    text: str, file: str, findings: list[Finding], *, to_size: bool
) -> dict[str, float] | None:
    try:
        raw = json.loads(text.removeprefix(_BYTE_ORDER_MARK))
    except json.JSONDecodeError as error:
        problem = f"is no JSON from column {error.colno} of this line on"
        findings.append(_unreadable(file, problem, line=error.lineno))
        return None
    except (ValueError, RecursionError):
        findings.append(_unreadable(file, "is no JSON that can be read"))
        return None
    if not isinstance(raw, dict):
        findings.append(_unreadable(file, "holds no object of names and numbers"))
        return None
    bounds = {**PARAMETERS, **(SIZING if to_size else {})}
    if to_size:
        bounds |= (
            {"annuity": (0.0, 10.0)}
            if "annuity" in raw
            else {"wacc": (0.0, 1.0), "life_a": (1.0, 1000.0)}
        )
    values: dict[str, float] = {}
    for name, (low, high) in bounds.items():
        value = raw.get(name)
        if name not in raw:
            findings.append(_wrong(file, name, "is not there", low, high))
        elif isinstance(value, bool) or not isinstance(value, int | float):
            findings.append(
                _wrong(file, name, f"is {json.dumps(value)[:40]}, no number", low, high)
            )
        elif not low <= value <= high:  # a NaN lies nowhere
            findings.append(_wrong(file, name, f"is {value:g}", low, high))
        else:
            values[name] = float(value)
    return values


def _sizing(values: Mapping[str, float]) -> SizingCosts:
    """Turn investments into equal payments over their life: a = r / (1 - (1 + r)^-n)."""
    annuity = values.get("annuity")
    if annuity is None:
        rate, years = values["wacc"], values["life_a"]
        annuity = rate / -math.expm1(-years * math.log1p(rate)) if rate else 1.0 / years
    return SizingCosts(
        heat_pump_kw_max=values["hp_el_max"],
        tank_kwh_max=values["tank_max"],
        heat_pump_cost_per_kw=annuity * values["capex_hp_per_kw_el"],
        tank_cost_per_kwh=annuity * values["capex_tank_per_kwh"],
    )


def _unreadable(file: str, problem: str, *, line: int | None = None) -> Finding:
    return Finding(
        code="dispatch.parameters-unreadable",
        severity=Severity.ERROR,
        where=Where(file=file, line=line),
        message=f"`{file}` {problem}.",
        remedy="Write one object with a number for each name that `docs/models/dispatch.md` lists.",
    )


def _wrong(file: str, name: str, problem: str, low: float, high: float) -> Finding:
    return Finding(
        code="dispatch.parameter-wrong",
        severity=Severity.ERROR,
        where=Where(file=file),
        message=f"`{name}` {problem}; it lies from {low:g} to {high:g}.",
        remedy="Correct it; `docs/models/dispatch.md` says what each name means.",
        data={"name": name},
    )


# --- Series


def _series(text: str, file: str, findings: list[Finding]) -> dict[str, np.ndarray] | None:
    table = read_columns(text, rows_max=_ROWS_MAX)
    lacking = [name for name in COLUMNS if table.names.count(name) != 1]
    if lacking:
        message = f"The first line has to name once, and does not: {', '.join(lacking)}."
        parted = "" if len(table.names) > 1 else " Columns are parted by commas or semicolons."
        findings.append(_bad_series(file, 1, message + parted))
        return None
    found = len(findings)
    findings.extend(table.too_many_values(file=file))
    values = [_row(table, cells, line, file, findings) for line, cells in table.lines]
    if not values:
        findings.append(_bad_series(file, None, "There is no step in it."))
    elif len(values) > _ROWS_MAX:
        findings.append(_bad_series(file, None, f"It has more than {_ROWS_MAX:,} steps."))
    del findings[found + _LISTED :]
    columns = np.array(values, dtype=np.float64).reshape(len(values), len(COLUMNS))
    return {name: np.ascontiguousarray(columns[:, at]) for at, name in enumerate(COLUMNS)}


def _row(
    table: Columns, cells: list[str], line: int, file: str, findings: list[Finding]
) -> list[float]:
    values = []
    for name in COLUMNS:
        text = cells[table.names.index(name)]
        value = table.number_of(text)
        lowest = _LOWEST.get(name, -_LARGE)
        if value is None or not lowest <= value <= _LARGE:
            if len(findings) < 2 * _LISTED:
                words = f"`{name}` is “{text[:40]}”; it is a number from {lowest:g} to {_LARGE:g}."
                findings.append(_bad_series(file, line, words))
            value = lowest
        values.append(value)
    return values


def _bad_series(file: str, line: int | None, message: str) -> Finding:
    return Finding(
        code="dispatch.series-wrong",
        severity=Severity.ERROR,
        where=Where(file=file, line=line),
        message=message,
        remedy="Give one line for each step, with heat at hand (`q_src`), `demand`, what of it "
        "direct use reaches (`dmax`), `cop` and the price of electricity (`p_el`).",
    )
