from mbus_image import IMAGE, probed

from exotherm.devices.mbus.frame import build_long, read_frame
from exotherm.devices.mbus.slave import SimulatedMeter

ABOUT = "A meter answers, and its records are encrypted."


class Encrypting(SimulatedMeter):
    def next_telegram(self) -> bytes:
        frame = read_frame(super().next_telegram())
        data = frame.data[:10] + b"\x10\x05" + frame.data[12:28]
        return build_long(control=8, address=1, information=0x72, data=data)


def findings():
    return probed([Encrypting(lambda: IMAGE)])
