"""A simulated meter behind a serial port, which is a pseudo-terminal."""

import asyncio
import os
import pty
import tty
from collections.abc import Awaitable, Callable
from dataclasses import replace

from mbus_image import IMAGE

from exotherm.devices.mbus.frame import length_of, read_frame
from exotherm.devices.mbus.slave import Conversation, SimulatedMeter


def behind_a_port(test: Callable[[str], Awaitable[None]], *, echo: bool = False) -> None:
    """Serve a meter on a pseudo-terminal; ``echo`` gives back what was sent, as some do."""

    async def run() -> None:
        ours, theirs = pty.openpty()
        tty.setraw(theirs)
        conversation = Conversation(SimulatedMeter(lambda: replace(IMAGE, address=9)))
        received = bytearray()

        def serve() -> None:
            received.extend(os.read(ours, 1024))
            while (length := length_of(received)) and len(received) >= length:
                request = bytes(received[:length])
                del received[:length]
                answer = conversation.answer(read_frame(request))
                os.write(ours, request + answer if echo else answer)

        loop = asyncio.get_running_loop()
        loop.add_reader(ours, serve)
        try:
            await test(os.ttyname(theirs))
        finally:
            loop.remove_reader(ours)
            os.close(ours)
            os.close(theirs)

    asyncio.run(run())
