from case_meters import ask, heat_meter

ABOUT = "The meter or its converter does not answer; if that lasts, the month has a gap."


def findings():
    # Nothing listens on port 1 of any machine we know.
    return ask(heat_meter().model_copy(update={"port": 1}))
