from demand_files import ROME, YEAR, without_times

from exotherm.feeds.demand import read_demand

ABOUT = "The demand is below nought in a step, often where a counter was exchanged or reset."


def findings():
    text = without_times([20.0] * 4000 + [-15342.0] + [20.0] * 4759)
    return read_demand(text, file="heat.csv", year=YEAR, zone=ROME)[1]
