from exotherm.feeds.weather import read_epw

ABOUT = "An EnergyPlus file has several records an hour, where a typical year of ours has one."

FILE = """LOCATION,Turin,-,ITA,IGDG,160590,45.22,7.65,1.0,287.0
DESIGN CONDITIONS,0
TYPICAL/EXTREME PERIODS,0
GROUND TEMPERATURES,0
HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0
COMMENTS 1,
COMMENTS 2,
DATA PERIODS,1,4,Data,Sunday,1/1,12/31
"""


def findings():
    return read_epw(FILE, file="weather.epw")[1]
