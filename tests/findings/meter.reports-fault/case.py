from dataclasses import replace

from case_meters import answer, judged

ABOUT = "The meter's own status says that something is wrong with it."


def findings():
    return judged(replace(answer(), status=("permanent error",), in_error=True))
