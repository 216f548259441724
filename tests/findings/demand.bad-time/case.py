from demand_files import ROME, YEAR, csv_of, with_offset

from exotherm.feeds.demand import read_demand

ABOUT = "A time is not written by ISO 8601, or has no offset from UTC while others have one."


def findings():
    lines = with_offset()
    lines[10] = ("01.01.2025 10:00", 20.0)
    return read_demand(csv_of(lines), file="heat.csv", year=YEAR, zone=ROME)[1]
