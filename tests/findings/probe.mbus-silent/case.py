from mbus_image import probed

ABOUT = "Nobody answers on the bus that is asked, though its level converter does."


def findings():
    return probed([])
