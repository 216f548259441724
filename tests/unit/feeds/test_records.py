from decimal import Decimal

import pytest

from exotherm.feeds.records import read_interruptions, read_releases

CAUSE = "supplier's plant, at fault"
COMMAS = """series,month,value,base_year,released_on
gas,2026-09,118.40,2020,2026-10-14
"""


@pytest.mark.parametrize(
    "text", [COMMAS, COMMAS.replace(",", ";").replace(".", ","), "\ufeff# of the office\n" + COMMAS]
)
def test_releases_are_the_same_in_every_dialect(text):
    releases, findings = read_releases(text, file="indices.csv")
    assert findings == ()
    assert [one.value for one in releases] == [Decimal("118.40")]


@pytest.mark.parametrize("value", ["1.118,40", "nan", "", "much"])
def test_a_value_that_nobody_can_read_is_refused(value):
    text = COMMAS.replace(",", ";").replace("118.40", value) + "gas;2026-08;117,5;2020;2026-09-14\n"
    _, findings = read_releases(text, file="indices.csv")
    assert [(one.code, one.where.line) for one in findings] == [("records.bad-line", 2)]


def test_a_cause_with_a_comma_is_one_between_semicolons_and_in_quotes():
    times = "2026-10-14T06:00+02:00;2026-10-15T02:00+02:00"
    semicolons = f"from;until;cause;announced_at\n{times};{CAUSE};\n"
    commas = semicolons.replace(CAUSE, f'"{CAUSE}"').replace(";", ",")
    for text in (semicolons, commas):
        found, findings = read_interruptions(text, file="interruptions.csv", causes=(CAUSE,))
        assert findings == ()
        assert [one.cause for one in found] == [CAUSE]


def test_a_line_with_too_many_values_is_told_once():
    text = COMMAS.replace("118.40", "118,40")
    _, findings = read_releases(text, file="indices.csv")
    assert findings[0].code == "csv.too-many-values"
