"""The outside world's failures. What is wrong in a person's data is a Finding instead."""


class UnableTo(Exception):  # noqa: N818 - "unable to …" is how the message begins
    """Something outside did not do its part: a meter, a disk, a network.

    ``retryable`` says whether trying again without a change makes sense; ``remedy`` what to do.
    Each room defines its own kinds beside the function that raises them.
    """

    retryable: bool = False

    def __init__(self, message: str, *, remedy: str = "", retryable: bool | None = None) -> None:
        super().__init__(message)
        self.remedy = remedy
        if retryable is not None:
            self.retryable = retryable
