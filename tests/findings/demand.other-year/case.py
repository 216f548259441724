from demand_files import ROME, YEAR, csv_of, with_offset

from exotherm.feeds.demand import read_demand

ABOUT = "The heat was measured in another year than the planned one, and is laid on it by weekday."


def findings():
    return read_demand(csv_of(with_offset()), file="heat.csv", year=YEAR + 1, zone=ROME)[1]
