from demand_files import ROME, YEAR, without_times

from exotherm.feeds.demand import read_demand

ABOUT = "The demand looks a thousand times too large or too small, as where W are taken for kW."


def findings():
    return read_demand(
        without_times([25_000.0] * 8760),
        file="heat.csv",
        year=YEAR,
        zone=ROME,
        heat_kw_rated=100.0,
    )[1]
