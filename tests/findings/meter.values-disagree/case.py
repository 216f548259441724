from case_meters import answer, judged

ABOUT = "A heat meter's power is not what its own flow and temperatures carry."


def findings():
    return judged(answer(supply_c=("28.31", "°C"), return_c=("34.12", "°C")))
