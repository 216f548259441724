"""Ctrl-C is asked again until the command has ended."""

import _thread
import signal
import threading

import pytest

from exotherm.cli.stopping import asked_until_stopped


def test_an_interrupt_that_somebody_swallowed_is_asked_again(capsys):
    class Swallowing:
        def __del__(self):
            _thread.interrupt_main()
            for _ in range(10):
                len("")

    @asked_until_stopped()
    def work():
        Swallowing()
        threading.Event().wait(60)

    with pytest.raises(KeyboardInterrupt):
        work()
    assert capsys.readouterr().err == ""
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interrupt_that_became_another_error_is_an_interrupt():
    @asked_until_stopped()
    def load():
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise ValueError("no validator can be built") from None

    with pytest.raises(KeyboardInterrupt):
        load()


def test_other_errors_stay_what_they_are():
    with pytest.raises(ValueError, match="other"), asked_until_stopped():
        raise ValueError("other")
