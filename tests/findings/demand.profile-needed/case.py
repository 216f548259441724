from demand_files import ROME, YEAR, without_times

from exotherm.feeds.demand import read_demand

ABOUT = "Monthly or yearly heat tells how much is used, but not when; a profile has to say that."


def findings():
    text = without_times([9000.0] * 12, column="heat_kwh")
    return read_demand(text, file="heat.csv", year=YEAR, zone=ROME)[1]
