"""Which register stands for each role of the evidence."""

from exotherm.contract.terms import Contract
from exotherm.prove.measured import Role
from exotherm.site.document import Site
from exotherm.usecases.proving import registers_of


def test_delivered_heat_is_what_the_contract_bills_whatever_other_heat_meters_there_are(
    pool_site: Site, pool_contract: Contract
) -> None:
    cooler = pool_site.meters[0].model_copy(update={"name": "cooler", "measures": "rejected"})
    site = pool_site.model_copy(update={"meters": (*pool_site.meters, cooler)})
    for one in (pool_site, site):
        assert {role: use.point for role, use in registers_of(one, pool_contract).items()} == {
            Role.SITE: "rack.site_kwh",
            Role.IT: "rack.it_kwh",
            Role.DELIVERED: "heat_meter.heat_kwh",
            Role.AUXILIARY: "rack.auxiliary_kwh",
            Role.FUEL: "rack.fuel_kwh",
        }


def test_what_no_single_register_counts_stands_for_nothing(
    pool_site: Site, pool_contract: Contract
) -> None:
    heat_alone = pool_site.model_copy(update={"meters": pool_site.meters[:1]})
    used = registers_of(heat_alone, pool_contract)
    assert used[Role.IT].point is None
    # What is not measured counts in full, so the most it can be is still known.
    assert used[Role.IT].kw_max > 0
