from exotherm.devices.modbus.profile import read_profile

ABOUT = "A quantity's name does not end with its unit, so its values could be read in any."

PROFILE = """
title = "Heat pump"
function = "input"

[[registers]]
quantity = "power"
address = 0
encoding = "int16"
decimals = 1
"""


def findings():
    return read_profile(PROFILE, file="heatpump.toml").findings
