"""What a plan says of a customer who loses by it."""

import pytest

from exotherm.plan.customer import Loss, loss_of
from exotherm.plan.findings import losing_customer
from exotherm.plan.verdict import Verdict, judge_loss


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("npv", "kept", "renewed", "from_year", "lost"),
    [
        (900.0, 100.0, None, 1, None),
        (-0.4, -0.1, None, 1, None),
        # A renewal that is spared may be worth more than what a year costs.
        (900.0, 100.0, -40.0, 4, None),
        (900.0, -100.0, None, 1, None),
        (-900.0, -100.0, None, 1, (100.0, 1)),
        (-900.0, -100.0, -140.0, 4, (100.0, 1)),
        (-900.0, 100.0, -40.0, 4, (40.0, 4)),
        (-900.0, 100.0, -40.0, 1, (40.0, 1)),
        (-900.0, 100.0, None, 1, (0.0, 1)),
    ],
)
def test_a_customer_loses_by_its_present_value(npv, kept, renewed, from_year, lost):
    loss = loss_of(npv, kept, renewed, from_year=from_year)
    expected = None if lost is None else Loss(npv=npv, amount=lost[0], from_year=lost[1])
    assert loss == expected


@pytest.mark.parametrize(
    ("amount", "from_year", "said"),
    [
        (
            40.0,
            1,
            "900 EUR over the term, as a present value: it pays 40 EUR a year more than its ",
        ),
        (
            40.0,
            4,
            "own heat would cost it from year 4 on, once its boiler is new. It has no reason",
        ),
        (0.0, 1, "as a present value, as what it pays rises faster than what it saves. It has no"),
    ],
)
def test_a_customer_who_loses_is_told_from_when_on(amount, from_year, said):
    loss = Loss(npv=-900.0, amount=amount, from_year=from_year)
    (finding,) = losing_customer(loss, currency="EUR")
    assert said in plain(finding.message)
    assert losing_customer(None, currency="EUR") == ()


@pytest.mark.parametrize("verdict", Verdict)
def test_no_verdict_is_robust_where_the_customer_loses(verdict):
    loss = Loss(npv=-900.0, amount=40.0, from_year=3)
    judged, text = judge_loss(verdict, "Said.", 5000.0, loss, currency="EUR")
    assert judged == (Verdict.CONDITIONAL if verdict is Verdict.ROBUST else verdict)
    condition = "a customer who signs although it loses 900 EUR over the term"
    assert (condition in plain(text)) == (verdict is not Verdict.DO_NOT_BUILD)
