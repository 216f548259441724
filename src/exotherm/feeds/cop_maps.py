"""COP maps that come with the package: one per refrigerant, made by `tools/make_cop_maps.py`."""

import csv
from importlib.resources import files

import numpy as np

from exotherm.physics.computing import FloatArray
from exotherm.physics.cop_map import CopMap, inner_carnot_cop

COP_MAPS: tuple[str, ...] = (
    "R1234ze",
    "R290",
    "R600a",
    "R717",
    "R744-return-20",
    "R744-return-30",
    "R744-return-40",
)
"""Names of the maps; those of carbon dioxide say at which temperature in °C the sink returns."""


_SINK_RETURNS_C = (20, 30, 40)


def cop_map_name(refrigerant: str, *, sink_return_c: float) -> str:
    """Give the name of a refrigerant's map; only that of carbon dioxide hangs on the sink's return.

    Halfway between two of its maps that of the warmer return is taken, which has the lower COP.
    """
    if refrigerant != "R744":
        return refrigerant
    nearest = min(_SINK_RETURNS_C, key=lambda at: (abs(at - sink_return_c), -at))
    return f"R744-return-{nearest}"


def read_cop_map(text: str) -> CopMap:
    """Read a map: remarks, then source outlets down, sink outlets across, COPs between.

    Only files of our own are read here, so a flaw in one is ours and asserted.
    """
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    header, *rows = csv.reader(lines)
    assert header[0] == "source_out_c", "a COP map begins with its axes"
    sinks_c = np.array([float(cell) for cell in header[1:]])
    sources_c = np.array([float(row[0]) for row in rows])
    cops = np.array([[float(cell) for cell in row[1:]] for row in rows])
    assert cops.shape == (sources_c.size, sinks_c.size), "a COP map has no holes"
    assert bool((cops > 0.0).all()), "a COP map has positive COPs"
    carnot = [[inner_carnot_cop(source, sink) for sink in sinks_c] for source in sources_c]
    return CopMap(
        source_c_start=float(sources_c[0]),
        source_k_step=_step(sources_c),
        sink_c_start=float(sinks_c[0]),
        sink_k_step=_step(sinks_c),
        efficiency_frac=cops / np.array(carnot),
    )


def load_cop_map(name: str) -> CopMap:
    """Read the map of this name from the package; the names are `COP_MAPS`."""
    assert name in COP_MAPS, f"no COP map {name}"
    file = files("exotherm.physics").joinpath("maps", f"{name}.csv")
    return read_cop_map(file.read_text(encoding="utf-8"))


def _step(axis: FloatArray) -> float:
    steps = np.diff(axis)
    assert bool((steps > 0.0).all()), "a COP map's axes rise"
    assert bool((steps == steps[0]).all()), "a COP map's axes have even steps"
    return float(steps[0])
