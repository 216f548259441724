from demand_files import HOUR, ROME, YEAR, csv_of, heat_kw, instants

from exotherm.feeds.demand import read_demand

ABOUT = "The times stand at the end of their steps, as meters write them, and are read so."


def findings():
    ends = [(f"{each + HOUR:%Y-%m-%dT%H:%M}Z", heat_kw(each)) for each in instants()]
    return read_demand(csv_of(ends), file="heat.csv", year=YEAR, zone=ROME)[1]
