import math

import click
import pytest

from exotherm.cli.commands.screen import PricePerKwh


@pytest.mark.parametrize("price", [0.0, 0.08, 0.9, 1.5])
def test_a_usual_price_and_one_that_nobody_can_read_otherwise_are_taken(price, capsys):
    assert PricePerKwh().convert(price, None, None) == price
    assert capsys.readouterr().err == ""


def test_a_price_that_may_be_in_cents_is_taken_with_a_note(capsys):
    assert PricePerKwh().convert(7.5, None, None) == 7.5
    assert "7.5 ct/kWh is written as 0.075" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("price", "said"),
    [
        (75.0, "75 EUR/MWh is written as 0.075"),
        (5000.0, "is not in the range"),
        (-1.0, "is not in the range"),
        (math.nan, "is no number"),
        (math.inf, "is not in the range"),
    ],
)
def test_a_price_that_cannot_be_is_refused(price, said):
    with pytest.raises(click.BadParameter, match=said):
        PricePerKwh().convert(price, None, None)
