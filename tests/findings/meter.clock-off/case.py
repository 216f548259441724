from dataclasses import replace
from datetime import timedelta

from case_meters import NOW, answer, judged

ABOUT = (
    "The meter's clock differs from ours by minutes, so its readings would fall into the wrong "
    "quarter-hours."
)


def findings():
    return judged(replace(answer(), source_at=NOW + timedelta(hours=1)))
