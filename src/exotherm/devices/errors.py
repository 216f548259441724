"""What a device can fail to do. Most of it may pass, so most of it may be tried again."""

from exotherm.core.errors import UnableTo


class UnableToReachMeter(UnableTo):
    """A meter or gateway refuses the connection or does not answer in time."""

    retryable = True


class UnreadableTelegram(UnableTo):
    """A meter answers with bytes that no reading can be taken from."""

    retryable = True


class UnreadableRegisters(UnableTo):
    """A device answers, but with an error or with something else than its values."""

    retryable = True


class UnableToLogIn(UnableTo):
    """A device wants a name, a password or a key, and takes none that it was given."""


class UnableToWrite(UnableTo):
    """A set-point is not written: nothing allows it, or the device does not take it."""


class UnableToSpeak(UnableTo):
    """The library of a protocol is not installed."""


class UnableToListen(UnableTo):
    """A simulated device cannot take its port."""

    retryable = True


def unable_to_listen(host: str, port: int) -> UnableToListen:
    """Make the error for a port that cannot be taken, with its usual remedy."""
    return UnableToListen(
        f"The simulated device cannot listen on {host}:{port}.",
        remedy="Another program listens there: end it, or give the device another port.",
    )


def unable_to_speak(protocol: str, library: str) -> UnableToSpeak:
    """Make the error for a protocol whose library is not installed."""
    return UnableToSpeak(
        f"{protocol} needs the library {library}, which is not installed.",
        remedy="Install it with `pip install exotherm[operate]`.",
    )
