"""What a plan says of a customer who loses by it."""

import pytest

from exotherm.plan.findings import losing_customer


@pytest.mark.parametrize(
    ("before", "renewed", "from_year", "said"),
    [
        (100.0, None, 1, None),
        (100.0, 40.0, 4, None),
        (-100.0, None, 1, "100 EUR a year more than its own heat would cost it."),
        (100.0, -40.0, 4, "40 EUR a year more than its own heat would cost it from year 4 on"),
        (-100.0, -140.0, 4, "100 EUR a year more than its own heat would cost it."),
        (100.0, -40.0, 1, "40 EUR a year more than its own heat would cost it."),
        (-100.0, 40.0, 1, None),
    ],
)
def test_a_customer_who_loses_is_told_from_when_on(before, renewed, from_year, said):
    found = losing_customer(before, renewed, renewed_from_year=from_year, currency="EUR")
    assert [said is not None] * len(found) == [True] * (said is not None)
    if said is not None:
        assert said in found[0].message.replace("\N{NO-BREAK SPACE}", " ")
