from exotherm.devices.reading import read_device_profile

ABOUT = "The bounds of a set-point stand the wrong way round, so nothing lies between them."

PROFILE = """
title = "Some meter"
protocol = "modbus"
models = ["any"]
verified = "document"
sources = ["its manual"]
function = "holding"

[[registers]]
quantity = "power_kw"
address = 10
encoding = "float32"
decimals = 2

[[set_points]]
quantity = "surplus_kw"
address = 74
encoding = "float32"
low = 30
high = 0
volatile = true
"""


def findings():
    return read_device_profile(PROFILE, file="some-meter.toml").findings
