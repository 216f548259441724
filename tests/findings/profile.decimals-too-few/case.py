from exotherm.devices.modbus.profile import read_profile

ABOUT = (
    "A register counts finer than the decimals that are kept, so a part of each count would be "
    "lost."
)

PROFILE = """
title = "Heat pump"
function = "input"

[[registers]]
quantity = "heat_kwh"
address = 0
encoding = "uint32"
decimals = 0
scale = 0.1
"""


def findings():
    return read_profile(PROFILE, file="heatpump.toml").findings
