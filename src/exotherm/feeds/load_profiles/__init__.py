"""Parameters of the standard load profiles that come with the program.

``sigmoid.csv``, ``weekdays.csv`` and ``hours.csv`` hold what BDEW, VKU and GEODE publish, taken
from the machine-readable forms of two projects under the MIT licence (see LICENSE-MIT.txt). Two
things are put right against those: the hourly shares of commerce begin with Sunday in their
source, and its plain sigmoids are labelled the wrong way round (the steeper one is the windy one,
as in every other type and as in the linearised set).
"""

import csv
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import numpy as np

from exotherm.physics.load_profile import BANDS_C, FloatArray, Line, LoadProfile, Sigmoid
from exotherm.site.profiles import ProfileName

Form = Literal["sigmoid", "linearised"]
_SOURCE = "BDEW/VKU/GEODE standard load profiles"
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@lru_cache(maxsize=32)
def load_profile(
    customer: ProfileName, *, windy: bool = False, form: Form = "sigmoid"
) -> LoadProfile:
    """Load the profile of a type of customer; houses are those of the newest building class, 11.

    ``public`` are offices and schools of towns and districts (GKO), ``lodging`` hotels and homes
    (GBH), ``commerce`` the sum of trade and services (GHD). The linearised form adds straight
    lines to the sigmoid; houses and commerce have it. Raises KeyError where a type has not.
    """
    return LoadProfile(
        name=customer,
        sigmoid=_sigmoids()[customer, windy, form],
        weekday_factor=_weekday_factors()[customer],
        hour_share=_hour_shares()[customer],
        source=_SOURCE,
    )


def _rows(name: str) -> list[dict[str, str]]:
    text = files("exotherm.feeds.load_profiles").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@lru_cache(maxsize=1)
def _sigmoids() -> dict[tuple[str, bool, str], Sigmoid]:
    return {
        (row["type"], row["windy"] == "yes", row["form"]): Sigmoid(
            a=float(row["a"]),
            b=float(row["b"]),
            c=float(row["c"]),
            d=float(row["d"]),
            space=_line(row, "space"),
            water=_line(row, "water"),
        )
        for row in _rows("sigmoid.csv")
    }


def _line(row: dict[str, str], name: str) -> Line | None:
    slope = row[f"{name}_slope"]
    return Line(slope=float(slope), offset=float(row[f"{name}_offset"])) if slope else None


@lru_cache(maxsize=1)
def _weekday_factors() -> dict[str, tuple[float, ...]]:
    return {
        row["type"]: tuple(float(row[day]) for day in _WEEKDAYS) for row in _rows("weekdays.csv")
    }


@lru_cache(maxsize=1)
def _hour_shares() -> dict[str, FloatArray]:
    """Read the hourly shares; rounding and weekday factors leave them, each day sums to one."""
    shares: dict[str, FloatArray] = {}
    for row in _rows("hours.csv"):
        table = shares.setdefault(row["type"], np.zeros((7, 24, len(BANDS_C))))
        weekdays = slice(None) if row["weekday"] == "any" else int(row["weekday"])
        table[weekdays, int(row["hour"])] = [float(cell) for cell in list(row.values())[3:]]
    return {name: table / table.sum(axis=1, keepdims=True) for name, table in shares.items()}
