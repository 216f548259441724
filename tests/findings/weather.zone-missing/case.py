from exotherm.feeds.weather import read_tmy3

ABOUT = "A weather file does not tell its clock, so its days could be hours off the sun's."

FILE = """month,day,hour,dry_bulb_C
1,1,1,2.0
1,1,2,1.9
"""


def findings():
    return read_tmy3(FILE, file="weather.csv")[1]
