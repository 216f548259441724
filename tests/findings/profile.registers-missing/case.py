from exotherm.devices.modbus.profile import read_profile

ABOUT = "The profile lists no registers, so there is nothing to read."

PROFILE = """
title = "Heat pump"
function = "input"
registers = []
"""


def findings():
    return read_profile(PROFILE, file="heatpump.toml").findings
