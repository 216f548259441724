from exotherm.devices.reading import read_device_profile

ABOUT = (
    "Two values are read at the same place, so one of them would be the other under a wrong name."
)

PROFILE = """
title = "Some meter"
protocol = "snmp"
models = ["any"]
verified = "document"
sources = ["its manual"]
enterprise = "1.3.6.1.4.1.318"

[[values]]
quantity = "power_kw"
oid = "1.3.6.1.4.1.318.1.1.26.4.3.1.5.1"
scale = 0.01
decimals = 2

[[values]]
quantity = "energy_kwh"
kind = "register"
oid = "1.3.6.1.4.1.318.1.1.26.4.3.1.5.1"
scale = 0.1
decimals = 1
"""


def findings():
    return read_device_profile(PROFILE, file="some-meter.toml").findings
