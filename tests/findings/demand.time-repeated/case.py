from demand_files import ROME, YEAR, csv_of, with_offset

from exotherm.feeds.demand import read_demand

ABOUT = "A step is in the demand file twice, or dates are out of order."


def findings():
    lines = with_offset()
    lines.insert(10, lines[10])
    return read_demand(csv_of(lines), file="heat.csv", year=YEAR, zone=ROME)[1]
