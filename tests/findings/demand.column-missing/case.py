from demand_files import ROME, YEAR

from exotherm.feeds.demand import read_demand

ABOUT = "The demand file has no column of heat whose name tells its unit, or more than one."


def findings():
    return read_demand("month,gas_m3\nJan,500\n", file="heat.csv", year=YEAR, zone=ROME)[1]
