from pathlib import Path

from case_meters import example_site
from changing import changed
from other_sites import network

from exotherm.contract.check import check_contract
from exotherm.contract.reading import read_contract
from exotherm.site.document import points_of

ABOUT = (
    "The promised supply is cooler than the heat network runs, which takes nothing cooler into its "
    "supply: heat as promised would be of no use."
)
CONTRACT = Path(__file__).parents[3] / "examples" / "pool" / "contract.toml"


def findings():
    site = network(
        example_site(), feed="supply", supply_c_min=46.0, supply_c_max=48.0, return_c=30.0
    )
    text = CONTRACT.read_text(encoding="utf-8")
    contract = changed(read_contract(text).document, supply_temperature__supply_c_min=40.0)
    return check_contract(contract, site, points_of(site), text=text)
