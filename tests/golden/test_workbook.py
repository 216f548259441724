"""The second computation of a study's money: its workbook, found anew by LibreOffice.

The workbook is written without the values of its formulas, so whatever LibreOffice shows it found
itself; every formula of every sheet is held against the value that ours is written with.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from exotherm.plan.changes import with_table
from exotherm.plan.finance import finance_of
from exotherm.plan.ownership import ownership_of
from exotherm.plan.study import StudyResult, make_study
from exotherm.render.workbook.book import render_workbook
from exotherm.site.document import Site
from exotherm.site.economics import (
    BoilerRenewal,
    Certificate,
    Debt,
    Grant,
    Hosting,
    Lease,
    PriceOutlook,
    Renewal,
    Sale,
    Tax,
)
from exotherm.usecases.workspace import load_workspace, ready

EXAMPLES = Path(__file__).parents[2] / "examples"
MADE_AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
CENT = 0.005
_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
Recompute = Callable[[bytes], Any]

EVERYTHING = {
    "term_years": 12,
    "discount_frac": 0.045,
    "customer_discount_frac": 0.03,
    "irr_frac_target": 0.09,
    "residual": "remaining life",
    "outlook": PriceOutlook(inflation_frac=0.02, electricity_frac=0.015, fuel_frac=0.03),
    "tax": Tax(rate_frac=0.27, depreciation_years=8),
    "debt": Debt(share_frac=0.6, interest_frac=0.055, years=15),
    "grant_amount": 2_000.0,
    "grants": (
        Grant(name="region", amount=4_000.0, condition="built by 2027", state="granted"),
        Grant(name="state", amount=9_000.0, condition="first come", state="hoped for"),
    ),
    "certificates": (
        Certificate(
            name="white certificates",
            amount_per_kwh=0.006,
            years=5,
            condition="metered",
            state="contracted",
        ),
        Certificate(
            name="credits", amount_per_kwh=0.01, years=9, condition="listed", state="hoped for"
        ),
    ),
    "cooler_renewal": Renewal(amount=12_000.0, due_in_years=2, life_years=5, avoided_frac=0.4),
    "boiler_renewal": BoilerRenewal(
        amount=30_000.0, due_in_years=3, life_years=8, avoided_frac=0.5, efficiency_frac=0.97
    ),
    "hosting": Hosting(amount_per_kw=9_000.0, margin_per_kw_month=210.0, life_years=5),
    "sale": Sale(amount=52_000.0, heat_per_kwh=0.01),
    "lease": Lease(amount_per_year=6_100.0, heat_per_kwh=0.005),
}


@pytest.fixture(scope="module")
def recompute(tmp_path_factory) -> Recompute:
    """Find every formula of a workbook anew, by LibreOffice; without it this is skipped loudly."""
    program = shutil.which("soffice")
    if program is None:
        assert "CI" not in os.environ, "CI needs LibreOffice to recompute workbooks"
        pytest.skip("NOT TESTED in LibreOffice: install Debian's `libreoffice-calc-nogui`")
    folder = tmp_path_factory.mktemp("libreoffice")
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS)

    def anew(content: bytes) -> Any:
        (folder / "book.xlsx").write_bytes(content)
        subprocess.run(
            [
                program,
                f"-env:UserInstallation={profile.as_uri()}",
                "--headless",
                "--convert-to",
                "xlsx:Calc MS Excel 2007 XML",
                "--outdir",
                str(folder / "out"),
                str(folder / "book.xlsx"),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return openpyxl.load_workbook(folder / "out" / "book.xlsx", data_only=True)

    return anew


def opened(example: str, **economics: object) -> tuple[Site, StudyResult]:
    own = ready(load_workspace(EXAMPLES / example))
    assert own is not None
    site = with_table(own.site, "economics", **economics)
    return site, make_study(site, own.contract, own.surroundings)


@pytest.fixture(scope="module")
def everything(pool_site, pool_contract, pool_surroundings) -> tuple[Site, StudyResult]:
    """A pool whose economics have all there is, with servers that come in steps."""
    site = with_table(pool_site, "economics", **EVERYTHING)
    site = with_table(site, "computing", filled_frac=(0.4, 0.8))
    return site, make_study(site, pool_contract, pool_surroundings)


def formulas(content: bytes, tmp_path: Path) -> Iterator[tuple[str, str, str]]:
    path = tmp_path / "formulas.xlsx"
    path.write_bytes(content)
    for sheet in openpyxl.load_workbook(path):
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    yield sheet.title, cell.coordinate, cell.value


def assert_agree(site: Site, study: StudyResult, recompute: Recompute, tmp_path: Path) -> int:
    """Hold every formula's value as we found it against LibreOffice's; give how many there are."""
    ours = render_workbook(study, site, made_at=MADE_AT)
    path = tmp_path / "ours.xlsx"
    path.write_bytes(ours)
    values = openpyxl.load_workbook(path, data_only=True)
    theirs = recompute(render_workbook(study, site, made_at=MADE_AT, computed=False))
    number = 0
    for sheet, cell, formula in formulas(ours, tmp_path):
        one, other = values[sheet][cell].value, theirs[sheet][cell].value
        number += 1
        if isinstance(one, (int, float)) and isinstance(other, (int, float)):
            assert other == pytest.approx(one, abs=CENT, rel=1e-12), (sheet, cell, formula)
        else:
            assert (one or "") == (other or ""), (sheet, cell, formula)
    return number


def results(book: Any) -> dict[str, tuple[object, object]]:
    rows = book["Results"].iter_rows(min_row=4, values_only=True)
    found: dict[str, tuple[object, object]] = {}
    for label, ours, theirs, *_ in rows:
        # The first of a name is the operator's, as the sheet begins with it.
        if ours is not None and label not in found:
            found[label] = (ours, theirs)
    return found


def test_a_plain_study_is_found_again(recompute, tmp_path):
    site, study = opened("pool")
    assert assert_agree(site, study, recompute, tmp_path) > 500


def test_a_study_with_all_there_is_is_found_again(everything, recompute, tmp_path):
    site, study = everything
    finance = study.finance
    assert finance.loan is not None
    assert finance.growing is not None
    assert finance.price_for_target_per_kwh is not None
    assert any(year.tax for year in finance.cash)
    assert assert_agree(site, study, recompute, tmp_path) > 500
    book = recompute(render_workbook(study, site, made_at=MADE_AT, computed=False))
    for label, value in (
        ("Net present value", finance.npv),
        ("Internal rate of return", finance.irr_frac),
        ("Paid back after", finance.payback_years),
        ("Cost of delivery", finance.delivery_cost_per_kwh),
        ("Least debt service cover", finance.loan.dscr_min),
        ("Net present value to the owner", finance.loan.owner_npv),
        ("Return on the owner's money", finance.loan.owner_irr_frac),
        ("Service: customer gains up to", study.ownership.deals[0].amount_high),
        ("Service: net present value, customer", study.ownership.deals[0].customer.npv),
        ("Sale: operator gains from", study.ownership.deals[1].amount_low),
        ("Lease: net present value, customer", study.ownership.deals[2].customer.npv),
    ):
        assert results(book)[label][1] == pytest.approx(value, abs=1e-6), label


def test_a_study_that_never_pays_is_found_again(recompute, tmp_path):
    debt = Debt(share_frac=0.5, interest_frac=0.0, years=6)
    site, study = opened("school", debt=debt, tax=Tax(rate_frac=0.2, depreciation_years=40))
    assert study.finance.payback_years is None
    assert_agree(site, study, recompute, tmp_path)


def test_formulas_follow_a_changed_input(everything, recompute, tmp_path):
    """A banker's own hand: other cells, and the same value that our own cash gives."""
    site, study = everything
    path = tmp_path / "changed.xlsx"
    path.write_bytes(render_workbook(study, site, made_at=MADE_AT))
    book = openpyxl.load_workbook(path)
    names = {name: defined.attr_text for name, defined in book.defined_names.items()}
    changes = {
        "discount_frac": 0.08,
        "inflation_frac": 0.035,
        "upkeep_per_year": 1_400.0,
        "tax_frac": 0.31,
        "depreciation_years": 5,
        "debt_frac": 0.3,
        "debt_years": 7,
        "boiler_new_efficiency_frac": 0.99,
        "boiler_avoided_frac": 1.0,
        "boiler_due_years": 2,
    }
    for name, value in changes.items():
        book["Inputs"][names[name].rpartition("!")[2].replace("$", "")].value = value
    first_item = names["item_amount"].rpartition("!")[2].replace("$", "").partition(":")[0]
    book["Inputs"][first_item].value = 11_111.0
    book.save(path)
    own = study.economics
    changed = own.model_copy(
        update={
            "discount_frac": 0.08,
            "upkeep_per_year": 1_400.0,
            "outlook": own.outlook.model_copy(update={"inflation_frac": 0.035}),
            "tax": Tax(rate_frac=0.31, depreciation_years=5),
            "debt": Debt(share_frac=0.3, interest_frac=0.055, years=7),
            "boiler_renewal": BoilerRenewal(
                amount=30_000.0,
                due_in_years=2,
                life_years=8,
                avoided_frac=1.0,
                efficiency_frac=0.99,
            ),
            "investment": (
                own.investment[0].model_copy(update={"amount": 11_111.0}),
                *own.investment[1:],
            ),
        }
    )
    expected = finance_of(changed, study.operation)
    assert expected.loan is not None
    found = results(recompute(path.read_bytes()))
    assert found["Net present value"][1] == pytest.approx(expected.npv, abs=CENT)
    assert found["Internal rate of return"][1] == pytest.approx(expected.irr_frac, abs=1e-9)
    assert found["Net present value to the owner"][1] == pytest.approx(
        expected.loan.owner_npv, abs=CENT
    )
    assert abs(expected.npv - study.finance.npv) > 1_000.0
    deals = ownership_of(changed, study.operation, expected, currency="EUR").deals
    assert found["Service: customer gains up to"][1] == pytest.approx(
        deals[0].amount_high, abs=CENT
    )
    assert found["Sale: net present value, customer"][1] == pytest.approx(
        deals[1].customer.npv, abs=CENT
    )


def test_a_customer_without_a_rate_of_its_own_goes_by_the_operators(recompute, tmp_path):
    site, study = opened("pool", sale=Sale(amount=52_000.0, heat_per_kwh=0.01))
    assert study.economics.customer_discount_frac is None
    path = tmp_path / "changed.xlsx"
    path.write_bytes(render_workbook(study, site, made_at=MADE_AT))
    book = openpyxl.load_workbook(path)
    place = book.defined_names["discount_frac"].attr_text.rpartition("!")[2].replace("$", "")
    book["Inputs"][place].value = 0.08
    book.save(path)
    changed = study.economics.model_copy(update={"discount_frac": 0.08})
    expected = finance_of(changed, study.operation)
    deals = ownership_of(changed, study.operation, expected, currency="EUR").deals
    found = results(recompute(path.read_bytes()))
    for label, value in (
        ("Service: net present value, customer", deals[0].customer.npv),
        ("Sale: net present value, customer", deals[1].customer.npv),
    ):
        assert found[label][1] == pytest.approx(value, abs=CENT), label


def test_the_same_study_makes_the_same_bytes(everything):
    site, study = everything
    once = render_workbook(study, site, made_at=MADE_AT)
    assert once == render_workbook(study, site, made_at=MADE_AT)
    other = replace(study, currency="CHF")
    assert once != render_workbook(other, site, made_at=MADE_AT)


def test_every_input_has_its_unit_beside_it(everything, tmp_path):
    site, study = everything
    path = tmp_path / "units.xlsx"
    path.write_bytes(render_workbook(study, site, made_at=MADE_AT))
    rows = [row[:3] for row in openpyxl.load_workbook(path)["Inputs"].iter_rows(values_only=True)]
    lists = next(number for number, row in enumerate(rows) if row[0] == "What is bought")
    inputs = {label: unit for label, value, unit in rows[3:lists] if value is not None}
    assert [label for label, unit in inputs.items() if not unit] == []
    assert inputs["What it brings a month"] == "EUR/(kW·month)"
    assert rows[lists + 1] == ("Item", "Amount, EUR", "Life, years")
