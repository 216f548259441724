"""What a present value rests on: swings by hand, kinds by the file, parts that make a whole."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.plan.basis import USUAL_ERROR_FRAC, Foundation, Resting, foundation_of
from exotherm.plan.study import make_study
from exotherm.site.basis import Basis, basis_of


def basis(values: str, kind: str) -> Basis:
    return Basis.model_validate(
        {"values": values, "kind": kind, "source": "offer of a supplier", "dated_on": "2026-03-01"}
    )


@pytest.fixture(scope="module")
def study(pool_site, pool_contract, pool_surroundings):
    return make_study(pool_site, pool_contract, pool_surroundings)


def founded(site, study, *bases: Basis) -> Foundation:
    own = site.model_copy(update={"basis": bases})
    return foundation_of(own, study.operation, study.finance.npv, study.setbacks)


def one_of(found: Foundation, path: str) -> Resting:
    return next(one for one in found.inputs if one.path == path)


def test_swings_by_hand(pool_site, study):
    """A guess of 6,500 EUR is off by 30 %, electricity of 0.22 EUR by 20 % for 15 years."""
    found = founded(pool_site, study, basis("economics.investment", "guess"))
    item = one_of(found, "economics.investment[0].amount")
    assert item.kind == "guess"
    assert item.swing == pytest.approx(0.30 * 6_500.0)
    annuity = (1 - 1.06**-15) / 0.06
    lasting = 0.22 * (study.operation.auxiliary_kwh - study.operation.cooling_saved_kwh) * annuity
    electricity = one_of(found, "economics.electricity_per_kwh")
    assert electricity.kind == "stated"
    assert electricity.swing == pytest.approx(0.20 * lasting)
    fifth = next(one.npv for one in study.setbacks if one.name == "servers a fifth less busy")
    servers = one_of(found, "computing.utilisation_file")
    per_frac = (study.finance.npv - fifth) / 0.2
    assert servers.swing == pytest.approx(USUAL_ERROR_FRAC["stated"] * per_frac)


def test_what_is_vouched_for_moves_less(pool_site, study):
    guessed = founded(pool_site, study, basis("economics", "guess"), basis("computing", "guess"))
    measured = founded(
        pool_site, study, basis("economics", "quoted"), basis("computing", "measured")
    )
    assert guessed.unvouched_frac == pytest.approx(1.0)
    # What is left is the pool's own heat, of which nobody says anything.
    assert measured.part_of("stated") == pytest.approx(measured.unvouched_frac)
    assert measured.inputs[0].swing < guessed.inputs[0].swing
    quoted = one_of(measured, "economics.upkeep_per_year")
    assert quoted.source == "offer of a supplier, 01 Mar 2026"


def test_the_closest_basis_counts():
    bases = (
        basis("economics", "guess"),
        basis("economics.investment[1]", "quoted"),
        basis("economics.electricity_per_kwh", "measured"),
    )

    def kind(path: str) -> str | None:
        found = basis_of(path, bases)
        return None if found is None else found.kind

    assert kind("economics.investment[1].amount") == "quoted"
    assert kind("economics.investment[0].amount") == "guess"
    assert kind("economics.electricity_per_kwh") == "measured"
    assert kind("economics") == "guess"
    # A name that only begins alike is another.
    assert kind("economicsX.fuel") is None
    assert kind("pool.area_m2") is None


def test_a_basis_has_a_day():
    assert basis("pool", "measured").dated_on == date(2026, 3, 1)


@given(
    st.lists(st.tuples(st.sampled_from(sorted(USUAL_ERROR_FRAC)), st.floats(0.01, 1e6)), min_size=1)
)
def test_parts_make_a_whole(rows):
    inputs = tuple(
        Resting(name="one", path="one", kind=kind, source="", swing=swing) for kind, swing in rows
    )
    found = Foundation(inputs=inputs, text="")
    parts = sum(found.part_of(kind) for kind in USUAL_ERROR_FRAC)
    assert parts == pytest.approx(1.0)
    vouched = found.part_of("measured") + found.part_of("quoted")
    assert found.unvouched_frac == pytest.approx(1.0 - vouched)
