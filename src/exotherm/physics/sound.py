"""Sound outdoors: what of a machine's noise arrives at a window."""

import math
from collections.abc import Iterable


def sound_at_db(sound_power_db: float, distance_m: float) -> float:
    """Give the sound pressure level at a distance from a machine on the ground.

    Lp = Lw - 10 lg(2 pi r²): spread over half a sphere, as ISO 9613-2 has it for a point source
    over hard ground, without screens, ground or air that would take some of it. Distance above
    nought; nearer than its own size a machine is no point.
    """
    return sound_power_db - 10.0 * math.log10(2.0 * math.pi * distance_m**2)


def sum_of_levels_db(levels_db: Iterable[float]) -> float:
    """Add levels of machines that do not keep time: 10 lg(sum of 10^(L/10)); of none -inf."""
    power = sum(10.0 ** (level / 10.0) for level in levels_db)
    return 10.0 * math.log10(power) if power > 0.0 else -math.inf
