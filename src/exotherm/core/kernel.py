"""The one way to compile a function to native speed, typed for the people who call it."""

import hashlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TypeVar, cast

import numba
from numba.core.registry import CPUDispatcher

_Function = TypeVar("_Function", bound=Callable[..., object])
_Handler = Callable[[int, FrameType | None], object]


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
    compiled = compile_with(**options)(function)
    compiled.__class__ = _Kernel
    return cast("_Function", compiled)


class _Kernel(CPUDispatcher):
    """A compiled function in which Ctrl-C waits for the end of the call.

    numba makes the tuples that come and go by calling Python, where an interrupt may be raised,
    and does not look whether that failed: the process would die of a segmentation fault.
    """

    def __call__(self, *values: object) -> object:
        with _noting_ctrl_c(at_once=False):
            return super().__call__(*values)

    def _compile_for_args(self, *values: object, **named: object) -> object:
        # Compiling takes many seconds and is Python's own work, so it may be interrupted.
        with _noting_ctrl_c(at_once=True):
            return super()._compile_for_args(*values, **named)  # type: ignore[misc]


class _Noting:
    """What hears of Ctrl-C meanwhile: it tells who heard of it before, at once or at the end."""

    def __init__(self, before: _Handler, *, at_once: bool) -> None:
        self._before = before
        self._at_once = at_once
        self._asked = 0

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self._asked = number
        if self._at_once:
            self._before(number, frame)
            self._asked = 0

    def tell(self) -> None:
        """Tell of what was left, or was raised and then swallowed by who compiles."""
        if self._asked:
            self._before(self._asked, None)


@contextmanager
def _noting_ctrl_c(*, at_once: bool) -> Iterator[None]:
    """Let Ctrl-C be heard at the end for sure, and before that only where it may be raised."""
    before = signal.getsignal(signal.SIGINT)
    if not callable(before) or threading.current_thread() is not threading.main_thread():
        yield
        return
    noting = _Noting(before, at_once=at_once)
    signal.signal(signal.SIGINT, noting)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        noting.tell()


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
