import numpy as np

from exotherm.operate.first_law import Account, Doubt, Ratings, Water, finding_of, suspect

ABOUT = "The heat of the servers is not accounted for: a meter is wrong, or an exchanger fouled."


def findings():
    day = np.ones(96)
    account = Account(
        hours=0.25,
        it_kwh=day * 4.0,
        driven_kwh=day * 0.0,
        delivered_kwh=day * 30.0,
        rejected_kwh=day * 0.8,
        stored_kwh=day * 0.0,
        lost_kwh=day * 0.2,
        water=Water(volume_m3=day * 10.0 * 0.5 / 1.158, supply_c=day * 36.0, return_c=day * 30.0),
    )
    found = finding_of(suspect(account, Doubt(), Ratings(it_kw=28.0, flow_m3h=2.5)), site="pool")
    return () if found is None else (found,)
