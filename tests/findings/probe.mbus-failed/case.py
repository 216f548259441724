from mbus_image import IMAGE, probed

from exotherm.devices.mbus.slave import SimulatedMeter

ABOUT = "The meter that is asked does not answer, or its level converter takes no connection."


def findings():
    return probed([SimulatedMeter(lambda: IMAGE)], meter="200")
