import asyncio

from case_meters import asked, heat_meter

ABOUT = "The meter answers with damaged or foreign bytes, from which no reading is ever guessed."


async def ask_through_a_noisy_line():
    async def answer(reader, writer):
        await reader.readexactly(5)
        writer.write(b"\xe5")  # the acknowledgement of its link
        await reader.readexactly(5)
        writer.write(b"\x68\x4d\x4f\x68" + bytes(81))
        await writer.drain()
        await reader.read()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        return await asked(heat_meter().model_copy(update={"port": port}))


def findings():
    return asyncio.run(ask_through_a_noisy_line())
