from case_meters import answer, judged, without_value

ABOUT = "The meter itself marks a value as wrong, as with a broken sensor."


def findings():
    return judged(without_value(answer(), "return_c", "the sensor is broken"))
