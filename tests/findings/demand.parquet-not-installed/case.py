import sys
from unittest.mock import patch

from demand_files import ROME, YEAR

from exotherm.feeds.demand import read_demand

ABOUT = "The measured heat is a Parquet file, and exotherm was installed without what reads those."


def findings():
    with patch.dict(sys.modules, pyarrow=None):
        return read_demand(b"PAR1", file="heat.parquet", year=YEAR, zone=ROME)[1]
