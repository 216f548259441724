from exotherm.feeds.weather import read_try

ABOUT = "A file that is read as a German test reference year does not name its columns as one does."

FILE = """hour outdoor_c
0 2.0
1 1.9
"""


def findings():
    return read_try(FILE, file="weather.dat")[1]
