"""Ctrl-C and compiled functions: numba makes tuples by calling Python, and cannot bear it there."""

import _thread
import signal
from typing import NamedTuple

import pytest

from exotherm.core.kernel import kernel


class Pair(NamedTuple):
    first: float
    second: float


@kernel
def swapped(pair: Pair) -> tuple[float, Pair]:
    return pair.first, Pair(pair.second, pair.first)


@pytest.fixture
def interrupting_pair(monkeypatch):
    """Press Ctrl-C while the kernel's answer is being made."""
    pair, make = Pair(1.0, 2.0), Pair.__new__
    swapped(pair)

    def make_while_interrupted(cls, *values):
        _thread.interrupt_main()
        return make(cls, *values)

    monkeypatch.setattr(Pair, "__new__", make_while_interrupted)
    return pair


def test_an_interrupt_within_a_kernel_is_raised_after_it(interrupting_pair):
    with pytest.raises(KeyboardInterrupt):
        swapped(interrupting_pair)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_whoever_hears_of_interrupts_hears_of_it_after_the_kernel(interrupting_pair):
    heard = []
    before = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    try:
        first, _ = swapped(interrupting_pair)
    finally:
        signal.signal(signal.SIGINT, before)
    assert first == 1.0
    assert heard == [signal.SIGINT]


def test_an_interrupt_that_the_compiler_swallows_is_raised_after_it(monkeypatch):
    def swallow(*_values, **_named):
        try:
            _thread.interrupt_main()
            for _ in range(10):
                len("")
        except KeyboardInterrupt:
            raise RuntimeError("no compiled object yet") from None

    @kernel
    def doubled(value: float) -> float:
        return 2.0 * value

    monkeypatch.setattr("numba.core.dispatcher.Dispatcher._compile_for_args", swallow)
    with pytest.raises(KeyboardInterrupt):
        doubled(1.0)
