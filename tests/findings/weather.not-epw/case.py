from exotherm.feeds.weather import read_epw

ABOUT = (
    "A file that is read as EnergyPlus weather has not its header, so its columns and times are "
    "not known."
)

FILE = """hour,outdoor_c
0,2.0
1,1.9
"""


def findings():
    return read_epw(FILE, file="weather.epw")[1]
