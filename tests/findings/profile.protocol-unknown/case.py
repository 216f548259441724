from exotherm.devices.reading import read_device_profile

ABOUT = (
    "The profile is for a protocol that the program does not speak, so nothing of it could be read."
)

PROFILE = """
title = "Some meter"
protocol = "lonworks"
models = ["any"]
verified = "document"
sources = ["its manual"]
"""


def findings():
    return read_device_profile(PROFILE, file="some-meter.toml").findings
