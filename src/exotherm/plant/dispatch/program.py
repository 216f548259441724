"""Linear programs of a year, laid out for HiGHS: variables and rows of every step."""

from collections.abc import Sequence

import highspy
import numpy as np

from exotherm.physics.computing import FloatArray, IntArray

Entry = tuple[IntArray, IntArray, FloatArray]
"""rows, columns and values of one kind of entry, a step each"""


def program_of(
    entries: Sequence[Entry],
    *,
    cost: FloatArray,
    upper: FloatArray,
    row_lower: FloatArray,
    row_upper: FloatArray,
) -> highspy.HighsLp:
    """Lay out a program whose variables are not negative; entries of one place are added."""
    rows, columns, values = (
        np.concatenate([entry[part] for entry in entries]) for part in range(3)
    )
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = cost.size, row_lower.size
    program.col_cost_, program.col_lower_, program.col_upper_ = cost, np.zeros(cost.size), upper
    program.row_lower_, program.row_upper_ = row_lower, row_upper
    starts, rows, values = _by_columns(rows, columns, values, cost.size)
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = starts
    program.a_matrix_.index_ = rows
    program.a_matrix_.value_ = values
    return program


def silent_solver() -> highspy.Highs:
    """Give a solver that says nothing and comes to the same on every machine."""
    solver: highspy.Highs = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)  # noqa: FBT003 - as HiGHS has it
    solver.setOptionValue("threads", 1)
    return solver


def _by_columns(
    rows: IntArray, columns: IntArray, values: FloatArray, number: int
) -> tuple[IntArray, IntArray, FloatArray]:
    """Sort entries by column and add those of one place: a single step is its own before."""
    height = int(rows.max()) + 1
    places, found = np.unique(columns * height + rows, return_inverse=True)
    sums = np.bincount(found, weights=values)
    columns, rows = np.divmod(places, height)
    starts = np.searchsorted(columns, np.arange(number + 1))
    return starts.astype(np.int32), rows.astype(np.int32), sums.astype(np.float64)
