"""What a device can fail to do. All of it may pass, so all of it may be tried again."""

from exotherm.core.errors import UnableTo


class UnableToReachMeter(UnableTo):
    """A meter or gateway refuses the connection or does not answer in time."""

    retryable = True


class UnreadableTelegram(UnableTo):
    """A meter answers with bytes that no reading can be taken from."""

    retryable = True


class UnreadableRegisters(UnableTo):
    """A Modbus device answers, but with an exception instead of its registers."""

    retryable = True


class UnableToListen(UnableTo):
    """A simulated device cannot take its port."""


def unable_to_listen(host: str, port: int) -> UnableToListen:
    """Make the error for a port that cannot be taken, with its usual remedy."""
    return UnableToListen(
        f"The simulated device cannot listen on {host}:{port}.",
        remedy="Another program listens there: end it, or give the device another port.",
    )
