from case_meters import answer, judged

ABOUT = (
    "A value is told in another unit than at commissioning; read as before it would be wrong a "
    "thousandfold."
)


def findings():
    return judged(answer(heat_kwh=("15.342", "MWh")))
