from dataclasses import replace

from case_meters import answer, judged, last_answer

ABOUT = (
    "The same answer comes again: a gateway repeats what it remembers, and a bill would rest on "
    "old values."
)


def findings():
    before = last_answer()
    again = replace(answer(), source_at=before.source_at, access_number=before.access_number)
    return judged(again, before=before)
