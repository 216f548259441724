from demand_files import ROME, YEAR, csv_of, with_offset

from exotherm.feeds.demand import read_demand

ABOUT = "A time lies outside the year that is read, or is not the beginning of a step."


def findings():
    lines = with_offset()
    lines[10] = ("2024-01-01T09:00Z", 20.0)
    return read_demand(csv_of(lines), file="heat.csv", year=YEAR, zone=ROME)[1]
