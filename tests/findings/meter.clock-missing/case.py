from dataclasses import replace

from case_meters import answer, judged

ABOUT = "The meter sends no time with its values, so nobody can say of which moment they are."


def findings():
    return judged(replace(answer(), source_at=None))
