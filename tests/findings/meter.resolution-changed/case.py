from case_meters import answer, judged

ABOUT = (
    "A register is told with other decimals than at commissioning; rounding it would lose heat "
    "at every reading."
)


def findings():
    return judged(answer(heat_kwh=("15342.7", "kWh")))
