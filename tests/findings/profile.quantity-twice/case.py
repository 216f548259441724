from exotherm.devices.modbus.profile import read_profile

ABOUT = "Two registers have the same quantity, so nobody knows which of the two is meant."

PROFILE = """
title = "Heat pump"
function = "input"

[[registers]]
quantity = "power_kw"
address = 0
encoding = "int16"
decimals = 1

[[registers]]
quantity = "power_kw"
address = 1
encoding = "int16"
decimals = 1
"""


def findings():
    return read_profile(PROFILE, file="heatpump.toml").findings
