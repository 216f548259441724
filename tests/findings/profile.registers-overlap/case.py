from exotherm.devices.modbus.profile import read_profile

ABOUT = "Two registers share an address, so at least one of them would be misread."

PROFILE = """
title = "Heat pump"
function = "input"

[[registers]]
quantity = "heat_kwh"
address = 0
encoding = "uint32"
decimals = 0

[[registers]]
quantity = "power_kw"
address = 1
encoding = "int16"
decimals = 1
"""


def findings():
    return read_profile(PROFILE, file="heatpump.toml").findings
