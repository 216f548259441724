"""Leads: what makes a prospect listen, what its heat can pay, and in which order to call."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.core.findings import Severity
from exotherm.feeds.leads import read_leads
from exotherm.plan.leads import Lead, Ranked, rank
from exotherm.plan.screen import Outlook, Screened

POOL = Lead(name="Lakeside", kind="pool", country="GB")
SCREENED = Screened(
    archetype="pool",
    power_kw_rated=28.0,
    heat_demand_kwh=200_000.0,
    heat_delivered_kwh=150_000.0,
    displaced_frac=0.7,
    used_frac=0.9,
    auxiliary_cost=500.0,
    delivery_cost_per_kwh=0.04,
    own_cost_per_kwh=0.09,
    outlook=Outlook.PROMISING,
    why="it pays",
)


def ranked(lead: Lead, screened: Screened = SCREENED) -> Ranked:
    return rank((lead,), lambda _: screened)[0]


def test_all_known_and_all_anxious_is_a_hundred():
    anxious = replace(
        POOL,
        energy_frac=0.25,
        boiler_age_years=25.0,
        tariff="expiring",
        steadiness_frac=0.9,
        signs="alone",
        has_fallback="yes",
    )
    assert ranked(anxious).anxiety == pytest.approx(100.0)
    assert ranked(anxious).questions == ()


def test_what_nobody_asked_counts_half_and_is_a_question():
    one = ranked(POOL)
    steady = next(part for part in one.points if part.name == "steady heat")
    assert steady.points == 15.0
    assert one.anxiety == pytest.approx(15.0 + (100.0 - 15.0) / 2)
    assert one.questions == (
        "energy burden", "boiler", "tariff", "authority to sign", "fallback",
    )  # fmt: skip


def test_a_straight_line_between_two_values():
    """Half of the way from 5 to 20 years, and from 2 to 20 per cent."""
    middle = ranked(replace(POOL, boiler_age_years=12.5, energy_frac=0.11))
    by_name = {part.name: part.points for part in middle.points}
    assert by_name["boiler"] == pytest.approx(10.0)
    assert by_name["energy burden"] == pytest.approx(12.5)


@given(
    age=st.floats(0, 100),
    older=st.floats(0, 50),
    share=st.floats(0, 1),
)
def test_an_older_boiler_never_makes_less_anxious(age, older, share):
    lead = replace(POOL, boiler_age_years=age, energy_frac=share)
    later = replace(lead, boiler_age_years=age + older)
    assert 0.0 <= ranked(lead).anxiety <= ranked(later).anxiety <= 100.0


def test_what_there_is_to_share():
    assert ranked(POOL).saving is None
    known = ranked(replace(POOL, heat_kwh=100_000.0))
    assert known.saving == pytest.approx((0.09 - 0.04) * 70_000.0)
    dear = replace(SCREENED, delivery_cost_per_kwh=0.2)
    assert ranked(replace(POOL, heat_kwh=100_000.0), dear).saving == 0.0


def test_heat_that_pays_comes_before_anxiety():
    calm = replace(POOL, name="calm", energy_frac=0.02, tariff="fixed")
    anxious = replace(POOL, name="anxious", energy_frac=0.2, tariff="expiring")
    school = replace(anxious, name="school", kind="school")
    no = replace(SCREENED, outlook=Outlook.NO)
    order = rank((school, calm, anxious), lambda lead: no if lead.kind == "school" else SCREENED)
    assert [one.lead.name for one in order] == ["anxious", "calm", "school"]


COUNTRIES = ("DE", "GB")


def read(text: str):
    return read_leads(text, file="leads.csv", countries=COUNTRIES, country="DE")


def test_a_list_as_people_write_it():
    leads, findings = read(
        "\ufeffname,kind,country,heat_kwh,has_fallback\n"
        "Lakeside,pool,GB,650000,yes\n"
        "\n"
        "Rosehill,care-home,,,\n"
    )
    assert findings == ()
    assert leads == (
        Lead(name="Lakeside", kind="pool", country="GB", heat_kwh=650_000.0, has_fallback="yes"),
        Lead(name="Rosehill", kind="care-home", country="DE"),
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Lakeside,mill,GB,1", "`kind` is “mill”"),
        ("Lakeside,pool,FR,1", "`country` is “FR”; it is DE or GB"),
        (",pool,GB,1", "`name` is empty"),
        ("Lakeside,pool,GB,nan", "`heat_kwh` is “nan”"),
        ("Lakeside,pool,GB,-1", "`heat_kwh` is “-1”"),
        ("Lakeside,pool,GB,0", "in kWh, from 1 to 10"),
        ("Lakeside,,GB,1", "`kind` is empty"),
    ],
)
def test_a_line_that_cannot_be_is_named(line, said):
    _, findings = read(f"name,kind,country,heat_kwh\n{line}\n")
    assert said in findings[0].message
    assert findings[0].where.line == 2


@pytest.mark.parametrize("text", ["", "name\n", "name;sort\nA;pool\n", "name,kind,colour\n"])
def test_a_header_that_cannot_be_is_named(text):
    leads, findings = read(text)
    assert leads == ()
    assert [one.code for one in findings] == ["leads.columns-wrong"]


def test_names_in_capitals_are_told_as_they_are_spelt():
    _, (finding,) = read("Name,Kind\nA,pool\n")
    assert finding.remedy.startswith("Write name, kind in small letters.")


def test_a_header_alone_is_said():
    _, (finding,) = read("name,kind\n")
    assert finding.message == "There is no lead below the header."


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ('name,kind,heat_kwh\nA,pool,"1,200,000"\n', "1200000."),
        ("name,kind,heat_kwh\nA,pool,1.200.000\n", "1200000."),
        ("name,kind,heat_kwh\nA,pool,12 000\n", "12000."),
        ("name;kind;heat_kwh\nA;pool;12'000,5\nB;pool;7,5\n", "12000,5."),
    ],
)
def test_thousands_that_are_parted_are_told_how_to_write(text, remedy):
    _, (finding, *_) = read(text)
    assert finding.remedy == f"Nothing parts thousands: write {remedy}"


def test_semicolons_and_decimal_commas_as_spreadsheets_write_them():
    leads, findings = read("name;kind;fuel_per_kwh\nPool, north;pool;0,085\n")
    assert findings == ()
    assert leads == (Lead(name="Pool, north", kind="pool", country="DE", fuel_per_kwh=0.085),)


@pytest.mark.parametrize(
    ("column", "written", "meant"),
    [
        ("energy_frac", "18", "18 % is written as 0.18"),
        ("energy_frac", "18 %", "18 % is written as 0.18"),
        ("heat_kwh", "650000 kWh", "Write the number alone, in kWh"),
        ("fuel_per_kwh", "75", "75 EUR/MWh is written as 0.075"),
        ("boiler_age_years", "-3", "leave it empty"),
    ],
)
def test_a_value_in_another_unit_is_told_as_it_was_probably_meant(column, written, meant):
    _, findings = read(f"name,kind,{column}\nA,pool,{written}\n")
    assert [one.code for one in findings] == ["leads.value-wrong"]
    assert meant in findings[0].remedy


def test_a_price_in_cents_is_ranked_with_a_warning():
    leads, findings = read("name,kind,fuel_per_kwh\nA,pool,7.5\nB,pool,0\n")
    assert [lead.fuel_per_kwh for lead in leads] == [7.5, 0.0]
    assert [(one.code, one.severity) for one in findings] == [
        ("leads.price-implausible", Severity.WARNING)
    ]
    assert "7.5 ct/kWh is written as 0.075" in findings[0].remedy


def test_more_leads_than_are_read_are_said():
    _, findings = read("name,kind\n" + "A,pool\n" * 1001)
    assert [one.code for one in findings] == ["csv.too-many-lines"]


def test_a_list_of_nobody_is_said():
    assert [one.code for one in read("name,kind\n")[1]] == ["leads.value-wrong"]
