from case_meters import ask, heat_meter

ABOUT = "The meter's profile is not read by the protocol that the site file names for it."


def findings():
    return ask(heat_meter().model_copy(update={"protocol": "modbus-tcp"}))
