from case_meters import answer, judged

ABOUT = (
    "The answer lacks a value that the meter's profile promises, so the profile or the meter's "
    "settings are wrong."
)


def findings():
    return judged(answer(volume_m3=None))
