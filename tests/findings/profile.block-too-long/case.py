from exotherm.devices.modbus.profile import read_profile

ABOUT = (
    "The registers lie too far apart for one request, so their values would be of different "
    "moments."
)

PROFILE = """
title = "Heat pump"
function = "input"

[[registers]]
quantity = "power_kw"
address = 0
encoding = "int16"
decimals = 1

[[registers]]
quantity = "heat_kwh"
address = 400
encoding = "uint32"
decimals = 0
"""


def findings():
    return read_profile(PROFILE, file="heatpump.toml").findings
