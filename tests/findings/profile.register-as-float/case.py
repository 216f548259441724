from exotherm.devices.modbus.profile import read_profile

ABOUT = "An energy register is read as a 32-bit float, which skips counts once it is large."

PROFILE = """
title = "Heat pump"
function = "input"

[[registers]]
quantity = "heat_kwh"
address = 0
encoding = "float32"
decimals = 0
"""


def findings():
    return read_profile(PROFILE, file="heatpump.toml").findings
