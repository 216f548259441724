from decimal import Decimal

from exotherm.core.findings import Where
from exotherm.prove.balance import balance_of, check_balance

ABOUT = "A quantity of the energy account is known by no reading, so nothing is claimed from it."


def findings():
    balance = balance_of(
        site_kwh=Decimal("16017.5"),
        it_kwh=Decimal("14900.0"),
        delivered_kwh=Decimal(8940),
        auxiliary_kwh=None,
        fuel_kwh=Decimal(22350),
    )
    return check_balance(balance, where=Where(path="energy"))
