from demand_files import ROME, YEAR, by_local_clock, csv_of

from exotherm.feeds.demand import read_demand

ABOUT = "The hour that clocks repeat in autumn is in the file once, so its heat stands for both."


def findings():
    lines = list(dict(by_local_clock()).items())
    return read_demand(csv_of(lines), file="heat.csv", year=YEAR, zone=ROME)[1]
