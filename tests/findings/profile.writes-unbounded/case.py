from exotherm.devices.reading import read_device_profile

ABOUT = (
    "A set-point is kept in memory that writing wears out, and nothing says how often it may be "
    "written: a controller that chatters would destroy the machine."
)

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
low = 0
high = 30
volatile = false
"""


def findings():
    return read_device_profile(PROFILE, file="some-meter.toml").findings
