from dataclasses import replace

from case_meters import answer, judged

ABOUT = (
    "Another meter answers than the one in the site file, so its register is not the billed one."
)


def findings():
    return judged(replace(answer(), serial="61440121"))
