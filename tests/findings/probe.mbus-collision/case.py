from mbus_image import IMAGE, probed

from exotherm.devices.mbus.slave import SimulatedMeter

ABOUT = "Two meters have one address, and what they answer falls on top of each other."


def findings():
    meters = [SimulatedMeter(lambda: IMAGE), SimulatedMeter(lambda: IMAGE)]
    return probed(meters, prefix="1020304")
