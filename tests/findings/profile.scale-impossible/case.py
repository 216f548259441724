from exotherm.devices.reading import read_device_profile

ABOUT = (
    "A 16-bit power is scaled as if its number were milliwatts: the largest it could tell is 65 W, "
    "so the real unit is another."
)

PROFILE = """
title = "Some meter"
protocol = "modbus"
models = ["any"]
verified = "document"
sources = ["its manual"]
function = "input"

[[registers]]
quantity = "power_kw"
address = 10
encoding = "uint16"
scale = 0.000001
decimals = 6
"""


def findings():
    return read_device_profile(PROFILE, file="some-meter.toml").findings
