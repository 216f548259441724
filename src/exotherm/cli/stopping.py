"""Ctrl-C ends a command, though libraries that are being loaded or compiled may swallow it."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_AGAIN_S = 0.3


@contextmanager
def asked_until_stopped() -> Iterator[None]:
    """Ask again for what Ctrl-C asked, until the work within has ended.

    Whatever error it became meanwhile, it is raised as KeyboardInterrupt. Only for work without
    an event loop: asyncio stops its tasks in order if left to itself.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    main, asking = threading.get_ident(), list[threading.Timer]()

    def stop(number: int, frame: FrameType | None) -> None:
        again = threading.Timer(_AGAIN_S, signal.pthread_kill, (main, number))
        again.daemon = True
        again.start()
        asking.append(again)
        signal.default_int_handler(number, frame)

    before = signal.signal(signal.SIGINT, stop)
    try:
        with _quiet_where_swallowed():
            yield
    except Exception as error:
        # Some libraries make of it an error of their own.
        if asking:
            raise KeyboardInterrupt from error
        raise
    finally:
        signal.signal(signal.SIGINT, before)
        for again in asking:
            again.cancel()


@contextmanager
def _quiet_where_swallowed() -> Iterator[None]:
    """Say nothing where Python may raise nothing, as in a ``__del__``: it is asked again."""
    before = sys.unraisablehook

    def say(ignored: "sys.UnraisableHookArgs") -> None:
        if not issubclass(ignored.exc_type, KeyboardInterrupt):
            before(ignored)

    sys.unraisablehook = say
    try:
        yield
    finally:
        sys.unraisablehook = before
