import asyncio
from decimal import Decimal

from case_meters import NOW, asked, heat_meter

from exotherm.devices.mbus.server import MbusMeter
from exotherm.devices.mbus.slave import MeterImage

ABOUT = "The meter answers with damaged or foreign bytes, from which no reading is ever guessed."


def image() -> MeterImage:
    return MeterImage(
        identification=heat_meter().serial,
        heat_kwh=15_342,
        volume_m3=Decimal("4391.07"),
        heat_kw=Decimal("12.1"),
        flow_m3h=Decimal("1.798"),
        supply_c=Decimal("34.12"),
        return_c=Decimal("28.31"),
        clock=NOW.replace(tzinfo=None),
    )


async def ask_over_a_noisy_line():
    async with MbusMeter(image) as meter:
        meter.garble = True
        return await asked(heat_meter().model_copy(update={"port": meter.port}))


def findings():
    return asyncio.run(ask_over_a_noisy_line())
