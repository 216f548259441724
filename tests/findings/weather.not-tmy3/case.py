from exotherm.feeds.weather import read_tmy3

ABOUT = "A file that is read as TMY3 does not name its columns as one does."

FILE = """hour,outdoor_c
0,2.0
1,1.9
"""


def findings():
    return read_tmy3(FILE, file="weather.csv")[1]
