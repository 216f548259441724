"""Scales proved, contradicted or left open, on meters whose truth is known."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.core.samples import Point
from exotherm.operate.commission import prove_scales
from exotherm.operate.commission_values import Display, Look, Metered, PointProof, Verdict
from exotherm.physics.water import density_kg_per_m3

START = datetime(2026, 11, 1, tzinfo=UTC)
POWER = Point(name="power_kw", kind="instant", unit="kw", decimals=3)
ENERGY = Point(name="energy_kwh", kind="register", unit="kwh", decimals=2)
HEAT = (
    Point(name="heat_kwh", kind="register", unit="kwh", decimals=0),
    Point(name="heat_kw", kind="instant", unit="kw", decimals=1),
    Point(name="flow_m3h", kind="instant", unit="m3h", decimals=3),
    Point(name="supply_c", kind="instant", unit="c", decimals=2),
    Point(name="return_c", kind="instant", unit="c", decimals=2),
)


def electric(
    name: str,
    power_kw: float,
    *,
    power_scale: float = 1.0,
    energy_scale: float = 1.0,
    part_of: str | None = None,
    hours: float = 1.0,
) -> Metered:
    looks = tuple(
        Look(
            at=START + n * timedelta(hours=hours / 12),
            values={
                "power_kw": power_kw * power_scale,
                "energy_kwh": (1000.0 + power_kw * n * hours / 12) * energy_scale,
            },
        )
        for n in range(13)
    )
    return Metered(name=name, points=(POWER, ENERGY), measures="it", part_of=part_of, looks=looks)


def heat_meter(*, tells_units: bool = False, **changed: float) -> Metered:
    flow_m3h, supply_c, return_c = 1.8, 45.0, 35.0
    # Independently: 1.8 m³/h of water of 994 kg/m³ by 10 K is 20.8 kW.
    heat_kw = flow_m3h * density_kg_per_m3(return_c) / 3600.0 * 4.18 * (supply_c - return_c)
    looks = tuple(
        Look(
            at=START + timedelta(hours=n),
            values={
                "heat_kwh": 5000.0 + heat_kw * n,
                "heat_kw": heat_kw,
                "flow_m3h": flow_m3h,
                "supply_c": supply_c,
                "return_c": return_c,
                **changed,
            },
        )
        for n in range(4)
    )
    return Metered(name="heat", points=HEAT, measures="heat", looks=looks, tells_units=tells_units)


def verdicts(proofs: tuple[PointProof, ...]) -> dict[str, Verdict]:
    return {proof.point: proof.verdict for proof in proofs}


def display(point: str, value: float) -> Display:
    return Display(point=point, value=Decimal(str(value)), at=START)


def test_a_meter_that_agrees_with_itself_is_not_proved_by_that() -> None:
    # A transformer ratio that is wrong by ten makes both wrong alike.
    found = prove_scales([electric("m", 3.0, power_scale=10, energy_scale=10)])
    assert verdicts(found) == {"m.power_kw": Verdict.OPEN, "m.energy_kwh": Verdict.OPEN}
    assert "agrees with itself" in found[0].proofs[-1].message
    assert "--display m.power_kw" in found[0].proofs[-1].remedy


def test_a_look_at_the_display_proves_the_register_and_by_it_the_power() -> None:
    found = prove_scales([electric("m", 3.0)], displays=[display("m.energy_kwh", 1003.0)])
    assert set(verdicts(found).values()) == {Verdict.PROVEN}


@pytest.mark.parametrize("factor", [0.001, 0.01, 0.1, 10, 100, 1000])
def test_a_scale_that_is_off_by_a_power_of_ten_is_named(factor: float) -> None:
    by_power = prove_scales([electric("m", 3.0, energy_scale=factor)])
    assert verdicts(by_power)["m.energy_kwh"] is Verdict.CONTRADICTS
    (proof,) = [one for one in by_power[1].proofs if one.verdict is Verdict.CONTRADICTS]
    assert proof.ratio == pytest.approx(factor)
    shown = prove_scales([electric("m", 3.0)], displays=[display("m.energy_kwh", 1003 / factor)])
    assert verdicts(shown)["m.energy_kwh"] is Verdict.CONTRADICTS


def test_a_turned_transformer_shows_by_its_sign() -> None:
    found = prove_scales([electric("m", 3.0, power_scale=-1)])
    (proof,) = [one for one in found[1].proofs if one.verdict is Verdict.CONTRADICTS]
    assert "signs differ" in proof.message
    assert "current transformers" in proof.remedy


def test_too_short_a_time_is_said_with_the_time_it_takes() -> None:
    found = prove_scales([electric("m", 3.0, hours=1 / 60)])
    (proof,) = found[1].proofs
    assert proof.verdict is Verdict.OPEN
    # Twenty counts of 0.01 kWh at 3 kW are four minutes.
    assert "--minutes 4" in proof.remedy
    idle = prove_scales([electric("m", 0.0)])
    assert "Put load on it" in idle[1].proofs[0].remedy


def test_pdus_are_proved_by_the_meter_before_them() -> None:
    meters = [
        electric("main", 9.1),
        electric("a", 4.0, part_of="main"),
        electric("b", 5.0, part_of="main"),
    ]
    assert set(verdicts(prove_scales(meters)).values()) == {Verdict.PROVEN}


@pytest.mark.parametrize("factor", [0.001, 0.1, 10])
def test_the_one_pdu_with_the_wrong_scale_is_found(factor: float) -> None:
    # The meter before them tells the larger number only while the PDU does not tell too much.
    wrong = electric("b", 5.0, power_scale=factor, energy_scale=factor, part_of="main")
    meters = [electric("main", 9.1), electric("a", 4.0, part_of="main"), wrong]
    found = {proof.point: proof for proof in prove_scales(meters, it_kw_max=15.0)}
    assert found["b.power_kw"].verdict is Verdict.CONTRADICTS
    messages = " ".join(proof.message for proof in found["b.power_kw"].proofs)
    assert "b.power_kw" in messages or "the servers can draw" in messages


def test_parts_that_happen_to_draw_the_same_prove_nothing_of_each_other() -> None:
    meters = [electric(name, 5.0, power_scale=10.0, energy_scale=10.0) for name in ("a", "b")]
    found = prove_scales(meters)
    assert set(verdicts(found).values()) == {Verdict.OPEN}


def test_a_part_that_is_silent_leaves_the_sum_open() -> None:
    silent = Metered(name="b", points=(POWER,), measures="it", looks=(), part_of="main")
    found = prove_scales([electric("main", 9.0), electric("a", 4.0, part_of="main"), silent])
    assert set(verdicts(found).values()) == {Verdict.OPEN}
    assert "b told no power" in found[0].proofs[-1].message


def test_a_heat_meter_s_power_is_held_against_its_flow_and_temperatures() -> None:
    assert set(verdicts(prove_scales([heat_meter(tells_units=True)])).values()) == {Verdict.PROVEN}
    alone = prove_scales([heat_meter()])
    assert set(verdicts(alone).values()) == {Verdict.OPEN}
    litres = prove_scales([heat_meter(tells_units=True, flow_m3h=1800.0)])
    assert verdicts(litres)["heat.flow_m3h"] is Verdict.CONTRADICTS
    assert verdicts(litres)["heat.heat_kw"] is Verdict.CONTRADICTS


def test_swapped_sensors_show_by_the_sign_of_the_difference() -> None:
    found = prove_scales([heat_meter(supply_c=35.0, return_c=45.0)])
    (proof,) = [one for one in found[3].proofs if one.verdict is Verdict.CONTRADICTS]
    assert "swapped" in proof.remedy
    still = prove_scales([heat_meter(flow_m3h=0.0, heat_kw=0.0)])
    assert "Run the pump" in " ".join(proof.remedy for proof in still[3].proofs)


def test_a_meter_that_is_silent_is_open_and_says_so() -> None:
    silent = Metered(name="m", points=(POWER, ENERGY), measures=None, looks=())
    found = prove_scales([silent], displays=[display("m.energy_kwh", 3), display("n.x_kw", 1)])
    assert set(verdicts(found).values()) == {Verdict.OPEN}
    assert prove_scales([]) == ()


@given(
    st.floats(0.5, 500.0),
    st.floats(0.5, 500.0),
    st.sampled_from([1e-3, 1e-2, 1e-1, 1.0, 10.0, 100.0, 1e3]),
)
def test_a_wrong_scale_is_never_proven_and_a_right_one_never_contradicted(
    one_kw: float, other_kw: float, factor: float
) -> None:
    wrong = electric("b", other_kw, power_scale=factor, energy_scale=factor, part_of="main")
    meters = [electric("main", one_kw + other_kw), electric("a", one_kw, part_of="main"), wrong]
    truth = [display("b.energy_kwh", round(1000.0 + other_kw, 2))]
    found = verdicts(prove_scales(meters, displays=truth))
    if factor == 1.0:
        assert found["b.power_kw"] is found["b.energy_kwh"] is Verdict.PROVEN
        assert Verdict.CONTRADICTS not in found.values()
    else:
        assert found["b.energy_kwh"] is Verdict.CONTRADICTS
        assert found["b.power_kw"] is not Verdict.PROVEN
