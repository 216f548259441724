from demand_files import ROME, YEAR

from exotherm.feeds.demand import read_demand

ABOUT = "A cell of the demand file is empty or no number, or writes thousands in an unclear way."


def findings():
    text = "month;heat_kwh\nJan;12.400\nFeb;9800,5\n"
    return read_demand(text, file="heat.csv", year=YEAR, zone=ROME)[1]
