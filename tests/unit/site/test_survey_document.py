"""The survey file: what is read, what is refused in words, what contradicts itself."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.core.findings import Severity
from exotherm.plan.survey.result import survey_result
from exotherm.site.survey.check import check_survey
from exotherm.site.survey.reading import read_survey
from exotherm.usecases.new import EXAMPLES

FOLDER = Path(__file__).parents[3] / "examples"
HEAD = """[survey]
surveyed_on = 2025-02-11
surveyed_by = ["heat engineer"]
visited     = ["customer building"]
"""


def test_nothing_but_a_visit_is_a_survey_in_which_all_is_open(pool_site):
    read = read_survey(HEAD)
    assert read.findings == ()
    assert read.document is not None
    result = survey_result(read.document, pool_site)
    assert result.added.low == 0
    assert all(item.is_open for item in result.items)
    assert len(result.items) > 15


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_are_read_and_agree_with_their_sites(name):
    text = (FOLDER / name / "survey.toml").read_text(encoding="utf-8")
    assert read_survey(text).findings == ()


@pytest.mark.parametrize(
    ("added", "path"),
    [
        ("[building]\nbuilt_in = 1968.5\n", "building.built_in"),
        ("[electricity]\nconnection_kw = 110\n", "electricity.connection_kw"),
        ("[electricity]\nconnection_kva = -1.0\n", "electricity.connection_kva"),
        ("[electricity]\nconnection_kva = nan\n", "electricity.connection_kva"),
        ("[electricity]\npower_factor_frac = 95.0\n", "electricity.power_factor_frac"),
        ("[tie_in]\nvalves_close = 'yes'\n", "tie_in.valves_close"),
        ("[noise]\nnight_limit_db = 1e9\n", "noise.night_limit_db"),
        ("[[shutdowns]]\nfrom_on = 2025-08-04\nuntil_on = 9999-12-31\n", "shutdowns[0].until_on"),
        ("[[shutdowns]]\nfrom_on = 2025-08-04\nuntil_on = 2025-08-05\nweekdays = []\n",
         "shutdowns[0].weekdays"),
        ("[[shutdowns]]\nfrom_on = 20250804\nuntil_on = 2025-08-05\n", "shutdowns[0].from_on"),
        ("[[phases]]\nname = 'works'\ndays = 10\ndays_min = 11\n", "phases[0]"),
        ("[[phases]]\nname = 'works'\ndays = 100000\n", "phases[0].days"),
        ("[[quotes]]\nrule = 'bms'\namount = 10\namount_max = 9\nsource = 'offer'\n", "quotes[0]"),
        ("[[quotes]]\nrule = 'magic'\namount = 10\nsource = 'offer'\n", "quotes[0].rule"),
        ("[[quotes]]\nrule = 'bms'\namount = 1e40\nsource = 'offer'\n", "quotes[0].amount"),
        ("[[papers]]\nkind = 'gossip'\nseen = true\n", "papers[0].kind"),
        ("[[places]]\nname = 'x'\nat = 'hosting site'\nlevel = 'roof'\nholds = []\n",
         "places[0].holds"),
        ("[[routes]]\nname = 'x'\nwalls = -1\n", "routes[0].walls"),
        ("[[routes]]\nname = 'x'\nwalls = 100000\n", "routes[0].walls"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused_with_its_place(added, path):
    read = read_survey(HEAD + "\n" + added)
    assert read.document is None
    assert [one.where.path for one in read.findings] == [path]
    assert all(one.severity is Severity.ERROR and one.where.line for one in read.findings)
    assert "`pydantic`" not in read.findings[0].message


def test_a_visit_without_a_day_or_a_role_is_none():
    read = read_survey("[survey]\nvisited = ['hosting site']\n")
    assert {one.where.path for one in read.findings} == {"survey.surveyed_on", "survey.surveyed_by"}


@given(st.text(max_size=200))
def test_any_text_is_read_or_explained(text):
    read = read_survey(text)
    assert (read.document is None) is bool(read.findings)


def test_checks_give_codes_and_lines(pool_site):
    text = HEAD + (
        "[[places]]\nname='a'\nat='hosting site'\nlevel='roof'\nholds=['tank']\n"
        "[[places]]\nname='a'\nat='hosting site'\nlevel='roof'\nholds=['tank']\n"
        "[[shutdowns]]\nfrom_on=2025-08-04\nuntil_on=2025-08-03\n"
        "[[phases]]\nname='a'\ndays=1\nafter=['b']\n"
        "[[phases]]\nname='b'\ndays=1\nafter=['a', 'c']\n"
    )
    survey = read_survey(text).document
    assert survey is not None
    found = check_survey(survey, pool_site, text=text)
    assert [(one.code, one.where.line) for one in found] == [
        ("survey.name-repeated", 11),
        ("survey.window-backwards", 17),
        ("survey.phase-unknown", 25),
        ("survey.phases-in-circle", 21),
    ]
