"""The one way to compile a function to native speed, typed for the people who call it."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

import numba

_Function = TypeVar("_Function", bound=Callable[..., object])


_OPTIONS: dict[str, object] = {
    "cache": True,
    "error_model": "python",
    "nogil": True,
    "forceinline": True,
}


def kernel(function: _Function) -> _Function:
    """Compile a numeric function at its first call and keep the result on disk.

    Division by zero raises as in Python instead of making an infinity, and no fast-math option
    reorders sums: a year must come out the same on every machine. Threads may run beside it.
    """
    return _compiled(function, _OPTIONS)


def inner_kernel(function: _Function) -> _Function:
    """Compile a function that others call in their loops, without counting who holds its arrays.

    It may read and write arrays that it is given, but make none and take no part of one; a
    hundred of such counts a step took as long as the step itself.
    """
    return _compiled(function, {**_OPTIONS, "_nrt": False})


def _compiled(function: _Function, options: dict[str, object]) -> _Function:
    compile_with: Callable[..., Callable[[_Function], object]] = numba.njit
    return cast("_Function", compile_with(**options)(function))


def _cache_folder() -> Path:
    """Find the folder of compiled kernels for exactly this source.

    numba keeps what it compiled by the file of the outermost function alone, so a kernel that
    calls one in another file would go on with that one's old code after a change. A folder named
    by the whole source cannot be stale.
    """
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    compiled = (*package.glob("physics/**/*.py"), *package.glob("plant/**/*.py"))
    for file in (Path(__file__), *sorted(compiled)):
        digest.update(file.read_bytes())
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "exotherm" / "kernels" / digest.hexdigest()[:16]


if not os.environ.get("NUMBA_CACHE_DIR"):
    numba.config.CACHE_DIR = str(_cache_folder())  # type: ignore[attr-defined]
