"""The one way to compile a function to native speed, typed for the people who call it."""

from collections.abc import Callable
from typing import TypeVar, cast

import numba

_Function = TypeVar("_Function", bound=Callable[..., object])


def kernel(function: _Function) -> _Function:
    """Compile a numeric function at its first call and keep the result on disk.

    Division by zero raises as in Python instead of making an infinity, and no fast-math option
    reorders sums: a year must come out the same on every machine.
    """
    return cast("_Function", numba.njit(cache=True, error_model="python")(function))
