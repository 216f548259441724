from mbus_image import IMAGE, probed

from exotherm.devices.mbus.slave import SimulatedMeter

ABOUT = "A meter answers twice with the same access number, as out of the memory of a gateway."


def findings():
    meter = SimulatedMeter(lambda: IMAGE)
    meter.frozen = True
    return probed([meter])
