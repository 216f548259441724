"""Make the COP maps of `src/exotherm/physics/maps` with CoolProp, and say how well they are read.

    python -m venv maps-venv && maps-venv/bin/pip install CoolProp==8.0.0
    PYTHONPATH=src maps-venv/bin/python tools/make_cop_maps.py

CoolProp is needed here only, never by the package: one cycle takes a millisecond, a year has
35,040 steps, and the map answers within 1 % of the cycle in nanoseconds.

The cycle has one stage. The refrigerant evaporates 5 K below the source's outlet and condenses
5 K above the sink's outlet. The compressor draws vapour superheated by 5 K (ammonia: none, its
evaporators are flooded), and the liquid leaves the condenser 5 K below condensing. Isobutane and
R1234ze(E), whose vapour could condense while compressed, have an internal exchanger that warms
the suction by another 10 K and cools the liquid by as much heat. The isentropic efficiency is
0.9343 - 0.04478 times the pressure ratio, at a ratio of 2 at least (0.845); from a ratio of 8 on
(0.576) it levels off towards 0.45. Motor and drive convert 0.93. The line is the one usually quoted
after Brunin, Feidt and Hivet (Int. J. Refrigeration 20, 1997) and stands for good large
compressors; small ones do a tenth worse.

Carbon dioxide rejects its heat above its critical point, so the sink's return matters more than
its outlet. The pressure is the one of the best COP up to 140 bar at which carbon dioxide stays
5 K above the water all along the gas cooler; one map per return temperature.

Pressure losses, oil, defrosting, part load and what pumps draw are left out. Where the sink is
less than 5 K above the source the cycle works over 5 K, as in `physics/heat_pump.py`.
"""
# ruff: noqa: INP001, S101, T201

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import CoolProp  # type: ignore[import-not-found]

MAPS = Path(__file__).resolve().parent.parent / "src" / "exotherm" / "physics" / "maps"
APPROACH_K = 5.0
SUBCOOLING_K = 5.0
LIFT_K_MIN = 5.0
DRIVE_EFFICIENCY = 0.93
EFFICIENCY_FLOOR = 0.45
KELVIN = 273.15
GAS_COOLER_PA_MAX = 140e5
DISCHARGE_C_USUAL = 140.0
CHECKED_POINTS = 400
ISOBAR_STEPS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """One map: its refrigerant, the temperatures it spans and how its cycle differs."""

    name: str
    fluid: str
    source_c: tuple[int, int]
    sink_c: tuple[int, int]
    superheat_k: float = 5.0
    exchanger_k: float = 0.0
    return_c: int | None = None


ALL = (
    Map(name="R290", fluid="R290", source_c=(-10, 45), sink_c=(30, 80)),
    Map(name="R600a", fluid="IsoButane", source_c=(-10, 60), sink_c=(30, 95), exchanger_k=10.0),
    Map(name="R717", fluid="Ammonia", source_c=(-10, 60), sink_c=(30, 95), superheat_k=0.0),
    Map(name="R1234ze", fluid="R1234ze(E)", source_c=(-10, 60), sink_c=(30, 95), exchanger_k=10.0),
    *(
        Map(
            name=f"R744-return-{back}",
            fluid="CO2",
            source_c=(-10, 20),
            sink_c=(back + 10, 90),
            return_c=back,
        )
        for back in (20, 30, 40)
    ),
)


def isentropic_efficiency(pressure_ratio: float) -> float:
    """Give the share of the ideal work in the real one, at most 0.845."""
    if pressure_ratio <= 8.0:
        return 0.9343 - 0.04478 * max(2.0, pressure_ratio)
    above_floor = 0.9343 - 0.04478 * 8.0 - EFFICIENCY_FLOOR
    return EFFICIENCY_FLOOR + above_floor * math.exp(
        -0.04478 / above_floor * (pressure_ratio - 8.0)
    )


class Cycle:
    """The cycle of one map; states in SI units."""

    def __init__(self, spec: Map) -> None:
        self.spec = spec
        self.state = CoolProp.AbstractState("HEOS", spec.fluid)

    def cop(self, source_out_c: float, sink_out_c: float) -> float:
        """Give heat to the sink over electricity."""
        return self.solve(source_out_c, sink_out_c)[0]

    def solve(self, source_out_c: float, sink_out_c: float) -> tuple[float, float]:
        """Give the COP and the temperature at the compressor's outlet in °C."""
        sink_c = max(sink_out_c, source_out_c + LIFT_K_MIN)
        if self.spec.return_c is not None:
            return self._transcritical(source_out_c, sink_c, float(self.spec.return_c))
        return self._condensing(source_out_c, sink_c)

    def _at_saturation(self, celsius: float, quality: float) -> float:
        self.state.update(CoolProp.QT_INPUTS, quality, celsius + KELVIN)
        return float(self.state.p())

    def _enthalpy(self, pressure_pa: float, celsius: float) -> float:
        self.state.update(CoolProp.PT_INPUTS, pressure_pa, celsius + KELVIN)
        return float(self.state.hmass())

    def _temperature_c(self, pressure_pa: float, enthalpy: float) -> float:
        self.state.update(CoolProp.HmassP_INPUTS, enthalpy, pressure_pa)
        return float(self.state.T()) - KELVIN

    def _suction(self, evaporating_c: float, superheat_k: float) -> tuple[float, float, float]:
        """Give pressure, enthalpy and entropy of vapour superheated by so much."""
        pressure_pa = self._at_saturation(evaporating_c, 1.0)
        if superheat_k > 0.0:
            self._enthalpy(pressure_pa, evaporating_c + superheat_k)
        return pressure_pa, float(self.state.hmass()), float(self.state.smass())

    def _compressed(self, suction: tuple[float, float, float], discharge_pa: float) -> float:
        """Give the enthalpy after the compressor."""
        suction_pa, enthalpy, entropy = suction
        self.state.update(CoolProp.PSmass_INPUTS, discharge_pa, entropy)
        ideal = float(self.state.hmass()) - enthalpy
        return enthalpy + ideal / isentropic_efficiency(discharge_pa / suction_pa)

    def _condensing(self, source_out_c: float, sink_out_c: float) -> tuple[float, float]:
        spec = self.spec
        evaporating_c, condensing_c = source_out_c - APPROACH_K, sink_out_c + APPROACH_K
        suction = self._suction(evaporating_c, spec.superheat_k + spec.exchanger_k)
        discharge_pa = self._at_saturation(condensing_c, 0.0)
        saturated_vapour = self._vapour_enthalpy(condensing_c)
        liquid = self._enthalpy(discharge_pa, condensing_c - SUBCOOLING_K)
        after = self._compressed(suction, discharge_pa)
        assert after >= saturated_vapour, f"{spec.name} condenses while it is compressed"
        electricity = (after - suction[1]) / DRIVE_EFFICIENCY
        return (after - liquid) / electricity, self._temperature_c(discharge_pa, after)

    def _vapour_enthalpy(self, celsius: float) -> float:
        self._at_saturation(celsius, 1.0)
        return float(self.state.hmass())

    def _transcritical(
        self, source_out_c: float, sink_out_c: float, return_c: float
    ) -> tuple[float, float]:
        suction = self._suction(source_out_c - APPROACH_K, self.spec.superheat_k)

        def at(pressure_pa: float) -> float:
            return self._gas_cooler(suction, pressure_pa, sink_out_c, return_c)

        best_pa = _best(at, suction[0] * 1.1, GAS_COOLER_PA_MAX)
        after = self._compressed(suction, best_pa)
        return at(best_pa), self._temperature_c(best_pa, after)

    def _gas_cooler(
        self,
        suction: tuple[float, float, float],
        pressure_pa: float,
        sink_out_c: float,
        return_c: float,
    ) -> float:
        """Give the COP at a pressure, nought where the water cannot be warmed with it.

        Where the water has a share of its rise, so has the heat. That carbon dioxide stays warmer
        by the approach at each of its own temperatures puts a floor under the enthalpy it leaves
        with; the highest floor counts.
        """
        after = self._compressed(suction, pressure_pa)
        discharge_c = self._temperature_c(pressure_pa, after)
        if discharge_c < sink_out_c + APPROACH_K:
            return 0.0
        leaving = -math.inf
        for celsius, enthalpy in self._isobar(pressure_pa, return_c + APPROACH_K, discharge_c):
            share = (celsius - APPROACH_K - return_c) / (sink_out_c - return_c)
            if share < 1.0:
                leaving = max(leaving, (enthalpy - share * after) / (1.0 - share))
        return max(0.0, after - leaving) * DRIVE_EFFICIENCY / (after - suction[1])

    def _isobar(
        self, pressure_pa: float, coldest_c: float, hottest_c: float
    ) -> list[tuple[float, float]]:
        """Give temperature and enthalpy along a pressure, both ends of condensing included."""
        steps = [
            coldest_c + (hottest_c - coldest_c) * place / ISOBAR_STEPS
            for place in range(ISOBAR_STEPS + 1)
        ]
        if pressure_pa >= self.state.p_critical() * 0.999:
            return [(celsius, self._enthalpy(pressure_pa, celsius)) for celsius in steps]
        ends = []
        for quality in (0.0, 1.0):
            self.state.update(CoolProp.PQ_INPUTS, pressure_pa, quality)
            ends.append((float(self.state.T()) - KELVIN, float(self.state.hmass())))
        plateau_c = ends[0][0]
        away = [celsius for celsius in steps if abs(celsius - plateau_c) > 1e-3]
        points = [(celsius, self._enthalpy(pressure_pa, celsius)) for celsius in away]
        return points + [end for end in ends if end[0] >= coldest_c]


def _best(value_at: Callable[[float], float], low: float, high: float) -> float:
    """Find where a function is largest: a scan, then golden sections around its best point."""
    points = [low + (high - low) * place / 60 for place in range(61)]
    best = max(range(61), key=lambda place: value_at(points[place]))
    left, right = points[max(0, best - 1)], points[min(60, best + 1)]
    golden = (math.sqrt(5.0) - 1.0) / 2.0
    for _ in range(18):
        inner_left, inner_right = right - golden * (right - left), left + golden * (right - left)
        if value_at(inner_left) >= value_at(inner_right):
            right = inner_right
        else:
            left = inner_left
    candidates = (points[best], 0.5 * (left + right))
    return max(candidates, key=value_at)


def write_map(spec: Map) -> str:
    """Give the text of a map: remarks, then a row per source outlet, a column per sink outlet."""
    cycle = Cycle(spec)
    sinks = range(spec.sink_c[0], spec.sink_c[1] + 1, 5)
    back = f", sink return {spec.return_c} °C" if spec.return_c is not None else ""
    rows, hot = [], []
    for source_c in range(spec.source_c[0], spec.source_c[1] + 1, 5):
        solved = [cycle.solve(float(source_c), float(sink_c)) for sink_c in sinks]
        rows.append(",".join([str(source_c), *(f"{cop:.4f}" for cop, _ in solved)]))
        hot += [
            sink_c - source_c
            for sink_c, (_, discharge_c) in zip(sinks, solved, strict=True)
            if discharge_c > DISCHARGE_C_USUAL and sink_c - source_c >= LIFT_K_MIN
        ]
    lift_k = min(hot, default=0)
    heat = f"# The discharge passes {DISCHARGE_C_USUAL:.0f} °C from a lift of {lift_k} K on.\n"
    return (
        f"# COP of a heat pump with {spec.name.split('-')[0]}{back}: heat over electricity.\n"
        f"# Made by tools/make_cop_maps.py with CoolProp {CoolProp.__version__}; the cycle is "
        "described there.\n"
        f"{heat if hot else ''}"
        f"source_out_c,{','.join(str(sink) for sink in sinks)}\n" + "\n".join(rows) + "\n"
    )


def report(spec: Map, text: str) -> None:
    """Print how far the map is from its cycle between its points, and a few of these."""
    from exotherm.feeds.cop_maps import read_cop_map
    from exotherm.physics.cop_map import map_cop

    cop_map = read_cop_map(text)
    cycle = Cycle(spec)
    draw = random.Random(20261123)  # noqa: S311 - points to check at, not a secret
    errors = []
    for place in range(CHECKED_POINTS):
        source_c = round(draw.uniform(*spec.source_c), 2)
        sink_c = round(draw.uniform(max(spec.sink_c[0], source_c + LIFT_K_MIN), spec.sink_c[1]), 2)
        exact = cycle.cop(source_c, sink_c)
        error = map_cop(cop_map, source_c, sink_c, 1e9) / exact - 1.0
        errors.append((abs(error), source_c, sink_c, exact))
        if place < 2:
            print(f'    ("{spec.name}", {source_c}, {sink_c}, {exact:.5f}),')
    worst = max(errors)
    print(f"{spec.name}: worst {worst[0]:.3%} at {worst[1]} / {worst[2]} of {len(errors)} points")


def main() -> None:
    """Write every map and report on it."""
    MAPS.mkdir(exist_ok=True)
    for spec in ALL:
        text = write_map(spec)
        (MAPS / f"{spec.name}.csv").write_text(text, encoding="utf-8", newline="\n")
        report(spec, text)


if __name__ == "__main__":
    main()
