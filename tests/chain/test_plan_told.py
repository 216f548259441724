"""What `exotherm plan run` tells a person is what its JSON and its report say."""

import shutil
import tomllib

import pytest

from exotherm.cli.main import run
from exotherm.core.units import format_quantity

ROWS = (
    "heat demand",
    "heat delivered",
    "recoverable",
    "boiler heat displaced",
    "cost of delivery",
    "net present value",
    "internal rate of return",
    "payback",
    "customer saves",
)


@pytest.fixture(scope="module")
def examples(pool_folder):
    return pool_folder.parent


@pytest.fixture
def told(capsys):
    """Run a plan and give the values that it prints, by their names, and all of its words."""

    def tell(folder) -> tuple[dict[str, str], str]:
        capsys.readouterr()
        run(["plan", "run", str(folder)])
        out = capsys.readouterr().out
        rows = [line.strip().split("  ") for line in out.splitlines() if line.startswith("  ")]
        return {row[0]: row[-1].strip() for row in rows}, " ".join(out.split())

    return tell


@pytest.mark.parametrize("example", ["pool", "housing-block"])
def test_a_heat_pump_is_answered_for(examples, example, told, ask):
    rows, said = told(examples / example)
    _, plan = ask("plan", "run", str(examples / example))
    answer = plan["heat_pump"]
    assert tuple(rows)[: len(ROWS)] == ROWS
    assert rows["without a heat pump"] == format_quantity("direct_frac", answer["direct_frac"])
    assert f"Do I need a heat pump? {' '.join(answer['text'].split())}" in said
    power_kwh = plan["heat_pump_power_kwh"]
    shown = format_quantity("power_kwh", power_kwh) if power_kwh else None
    assert rows.get("heat pump electricity") == shown
    assert (power_kwh > 0) == (example == "housing-block") == answer["stands"]


def test_customers_and_what_they_lack_are_in_the_json(examples, ask):
    _, plan = ask("plan", "run", str(examples / "housing-block"))
    asked = sum(one["heat_kwh"] for one in plan["customers"])
    assert asked == pytest.approx(plan["heat_demand_kwh"])
    given = plan["heat_delivered_kwh"] + plan["backup_kwh"] + plan["unmet_kwh"]
    assert given == pytest.approx(asked)
    year = plan["heat_pump_year"]
    assert year["power_kwh"] == plan["heat_pump_power_kwh"]
    assert year["cop"] == pytest.approx(year["heat_kwh"] / year["power_kwh"])


@pytest.mark.parametrize("example", ["pool", "school"])
def test_planned_emissions_are_those_of_the_heat_that_replaces_the_boilers(examples, example, ask):
    folder = examples / example
    site = tomllib.loads((folder / "site.toml").read_text(encoding="utf-8"))
    _, plan = ask("plan", "run", str(folder))
    emissions = plan["emissions"]
    factor_kg_per_kwh = site["carbon"]["fuel"]["gco2e_per_kwh"] / 1000
    fuel_kwh = plan["heat_displaced_kwh"] / site["boiler"]["efficiency_frac"]
    assert emissions["baseline_kgco2e"] == pytest.approx(fuel_kwh * factor_kg_per_kwh, rel=0.005)
    # What the modelled demand may be wrong by is taken off at the cautious end, and there alone.
    wrong_kwh = plan["heat_demand_kwh"] * site["carbon"]["baseline_uncertainty_frac"]
    wrong_kg = wrong_kwh / site["boiler"]["efficiency_frac"] * factor_kg_per_kwh
    spread_kg = 1.645 * emissions["uncertainty_kgco2e"]
    cautious_kg = emissions["avoided_kgco2e"] - spread_kg
    assert cautious_kg - wrong_kg < emissions["conservative_kgco2e"] < cautious_kg


def test_a_boiler_that_is_due_is_told_beside_a_new_one(pool_folder, tmp_path, told, ask):
    folder = tmp_path / "due"
    shutil.copytree(pool_folder, folder)
    with (folder / "site.toml").open("a", encoding="utf-8") as site:
        site.write("\n[economics.boiler_renewal]\namount = 20000\ndue_in_years = 0\n")
        site.write("efficiency_frac = 0.96\n")
    _, plan = ask("plan", "run", str(folder))
    customer = plan["customer"]
    # Gas of the old boiler, 80 %, and of a new one, 96 %, before and with the service.
    old = customer["fuel_before_per_year"] - customer["fuel_after_per_year"]
    renewed = old * 0.80 / 0.96 - customer["heat_bill_per_year"]
    assert customer["saving_first_per_year"] == pytest.approx(renewed)
    assert customer["renewed_from_year"] == 1
    assert renewed < 0 < customer["saving_per_year"]
    assert plan["verdict"] == "conditional"
    rows, said = told(folder)
    assert rows["customer pays more"] == format_quantity(
        "saving_per_year", -renewed, currency="EUR"
    )
    assert rows["beside its old boiler"].startswith(
        format_quantity("saving_per_year", customer["saving_per_year"], currency="EUR")
    )
    assert "conditional on a customer who signs although it loses" in said
