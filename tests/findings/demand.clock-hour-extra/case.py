from demand_files import ROME, YEAR, by_local_clock, csv_of

from exotherm.feeds.demand import read_demand

ABOUT = "The file fills the hour that clocks skip in spring, yet changes its clock in autumn."


def findings():
    lines = by_local_clock()
    at = [time for time, _ in lines].index("2025-03-30T03:00")
    lines.insert(at, ("2025-03-30T02:00", 0.0))
    return read_demand(csv_of(lines), file="heat.csv", year=YEAR, zone=ROME)[1]
