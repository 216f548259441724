from demand_files import ROME, YEAR, csv_of, with_offset

from exotherm.feeds.demand import read_demand

ABOUT = "A file with a name in .parquet is of another kind, encrypted or damaged."


def findings():
    content = csv_of(with_offset()).encode()
    return read_demand(content, file="heat.parquet", year=YEAR, zone=ROME)[1]
