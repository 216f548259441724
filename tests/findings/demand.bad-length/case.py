from demand_files import ROME, YEAR, without_times

from exotherm.feeds.demand import read_demand

ABOUT = "The number of values is that of no whole year, so it is not known what each of them is."


def findings():
    return read_demand(without_times([20.0] * 8784), file="heat.csv", year=YEAR, zone=ROME)[1]
