from case_meters import answer, judged

ABOUT = "A value cannot be what this site's point is: a sensor, its wiring or a rating is wrong."


def findings():
    return judged(answer(supply_c=("134.12", "°C")))
