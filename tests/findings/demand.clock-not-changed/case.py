from demand_files import ROME, YEAR, csv_of, in_winter_time

from exotherm.feeds.demand import read_demand

ABOUT = "The times have an hour that clocks skip in spring: the meter stayed in winter time."


def findings():
    return read_demand(csv_of(in_winter_time()), file="heat.csv", year=YEAR, zone=ROME)[1]
