"""Checks of what is measured: points, registers, meter, intervals, verification."""

from collections.abc import Iterator

from exotherm.contract.case import Case, Check, celsius, kelvin, minutes
from exotherm.core.findings import Finding
from exotherm.core.period import write_day
from exotherm.core.units import format_quantity, label_of
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK, KJ_PER_KWH
from exotherm.site.heat_path import coolest_return_c, reachable_supply_c

_WATER_KG_PER_M3 = 1000.0
_KINDS = {"register": "a register", "instant": "a value of the moment"}


def _points_exist(case: Case) -> Iterator[Finding]:
    """Check that the site's meters tell what the contract bills and judges by."""
    clause = case.contract.delivered_heat
    wanted = (
        ("point", clause.point, "register", "kwh", "a register of heat in kWh"),
        ("supply_point", clause.supply_point, "instant", "c", "a temperature in °C"),
        ("flow_point", clause.flow_point, "instant", "m3h", "a flow in m³/h"),
    )
    for field, name, kind, unit, words in wanted:
        point = case.points.get(name)
        if point is None:
            known = sorted(one.name for one in case.points.values() if one.unit == unit)
            have = ", ".join(f"`{one}`" for one in known) or "none"
            yield case.source.error(
                "contract.point-unknown",
                "delivered_heat",
                field,
                message=f"No meter of the site tells `{name}`.",
                remedy=f"Name {words}; the site's meters tell: {have}.",
                point=name,
                known=known,
            )
        elif (point.kind, point.unit) != (kind, unit):
            yield case.source.error(
                "contract.point-wrong-kind",
                "delivered_heat",
                field,
                message=f"`{name}` is {_KINDS[point.kind]} in {label_of(name)}, but {words} is "
                "wanted.",
                remedy=f"Name {words}, as meter and quantity.",
                point=name,
                kind=point.kind,
                unit=point.unit,
            )


def _points_of_one_meter(case: Case) -> Iterator[Finding]:
    """Check that heat, supply and flow are told by the meter that is billed."""
    clause = case.contract.delivered_heat
    meter = clause.point.partition(".")[0]
    if clause.point not in case.points:
        return
    for field, name in (("supply_point", clause.supply_point), ("flow_point", clause.flow_point)):
        if name in case.points and name.partition(".")[0] != meter:
            yield case.source.warning(
                "contract.point-of-other-meter",
                "delivered_heat",
                field,
                message=f"`{name}` is not told by `{meter}`, the meter that is billed; whether "
                "heat is as promised is then judged elsewhere than it is counted.",
                remedy=f"Name a point of `{meter}`, or state in BND-1 why another meter tells.",
                point=name,
                meter=meter,
            )


def _registers_match(case: Case) -> Iterator[Finding]:
    """Check that the contract's register counts as the meter's does."""
    point, registers = case.billed_point, case.contract.registers
    if point is None or point.kind != "register":
        return
    pairs = (
        ("unit", registers.unit, point.unit),
        ("digits", registers.digits, point.digits),
        ("decimals", registers.decimals, point.decimals),
    )
    for field, ours, theirs in pairs:
        if ours != theirs:
            yield case.source.error(
                "contract.register-differs",
                "registers",
                field,
                message=f"The contract says {field} {ours}, but `{point.name}` has {theirs}: a "
                "roll-over or a decimal would be misread.",
                remedy=f"Write {theirs} for `{field}`, or give the meter another profile.",
                contract=ours,
                meter=theirs,
            )


def _serial_matches(case: Case) -> Iterator[Finding]:
    """Check that the meter in the contract is the one that hangs at the site."""
    meter, serial = case.billed_meter, case.contract.heat_meter.serial
    if meter is not None and meter.serial != serial:
        yield case.source.error(
            "contract.meter-serial-differs",
            "heat_meter",
            "serial",
            message=f"The contract names meter {serial}; `{meter.name}` at the site is "
            f"{meter.serial}.",
            remedy="Copy the identification number from the meter itself into both files.",
            contract=serial,
            site=meter.serial,
        )


def _roll_over_is_clear(case: Case) -> Iterator[Finding]:
    """Check that the register cannot roll over twice in the longest gap."""
    contract, registers = case.contract, case.contract.registers.format
    lift_k = max(reachable_supply_c(case.site) - coolest_return_c(case.site), 0.0)
    flow_kgs = contract.heat_meter.flow_m3h_rated * _WATER_KG_PER_M3 / KJ_PER_KWH
    heat_kw = max(flow_kgs * HEAT_CAPACITY_KJ_PER_KGK * lift_k, contract.capacity.heat_kw)
    gap_h = max(contract.missing_data.gap_h_max, contract.reading_plan.edge_gap_min_max / 60.0)
    gap_kwh, round_kwh = heat_kw * gap_h, float(registers.value_of(registers.modulus))
    if gap_kwh >= round_kwh:
        yield case.source.error(
            "contract.roll-over-twice",
            "missing_data",
            "gap_h_max",
            message=f"In a gap of {format_quantity('gap_h', gap_h)} up to "
            f"{format_quantity('gap_kwh', gap_kwh)} can pass, but the register starts again every "
            f"{format_quantity('round_kwh', round_kwh)}: a second round would go unseen.",
            remedy="Shorten `gap_h_max`, or take a meter with more digits.",
            gap_kwh=round(gap_kwh, 3),
            round_kwh=round_kwh,
        )


def _readings_are_frequent(case: Case) -> Iterator[Finding]:
    """Check that readings come as often as they are judged and at the same edges."""
    plan, judged_min = case.contract.reading_plan, case.contract.availability.interval_min
    site_min = case.site.metering.interval_min
    if plan.interval_min > judged_min or judged_min % plan.interval_min:
        yield case.source.error(
            "contract.interval-not-judgeable",
            "reading_plan",
            "interval_min",
            message=f"Intervals of {minutes(judged_min)} are judged, but readings come every "
            f"{minutes(plan.interval_min)}, so not every interval has one at its edges.",
            remedy="Read every 15, 5, 3 or 1 minutes.",
            reading_min=plan.interval_min,
            judged_min=judged_min,
        )
    if site_min > plan.interval_min:
        yield case.source.error(
            "contract.read-too-seldom",
            "reading_plan",
            "interval_min",
            message=f"The contract promises readings every {minutes(plan.interval_min)}; the site "
            f"reads its meters every {minutes(site_min)}.",
            remedy=f"Set `interval_min = {plan.interval_min}` in `[metering]` of the site.",
            contract_min=plan.interval_min,
            site_min=site_min,
        )


def _gaps_are_longer_than_readings(case: Case) -> Iterator[Finding]:
    """Check that a single late reading neither spoils an edge nor stops the bill."""
    contract = case.contract
    reading_min = contract.reading_plan.interval_min
    allowed = (
        ("reading_plan", "edge_gap_min_max", float(contract.reading_plan.edge_gap_min_max)),
        ("missing_data", "gap_h_max", contract.missing_data.gap_h_max * 60.0),
    )
    for table, field, gap_min in allowed:
        if gap_min < reading_min:
            yield case.source.error(
                "contract.gap-too-short",
                table,
                field,
                message=f"`{table}.{field}` allows {minutes(gap_min)}, less than the "
                f"{minutes(reading_min)} from one reading to the next: no month could be billed.",
                remedy="Allow several readings; an hour at the edges and two days between are "
                "usual.",
                gap_min=gap_min,
                reading_min=reading_min,
            )


def _verification_lasts(case: Case) -> Iterator[Finding]:
    """Check that the meter's verification covers the term, or is planned again."""
    meter, term = case.contract.heat_meter, case.contract.term
    until, again = meter.verified_until, case.contract.verification
    if until < term.starts_on:
        yield case.source.error(
            "contract.verification-expired",
            "heat_meter",
            "verified_until",
            message=f"The meter's verification ends on {write_day(until)}, before the term "
            f"starts on {write_day(term.starts_on)}: no reading may be billed.",
            remedy="Have the meter verified and write the new date.",
            verified_until=until.isoformat(),
            starts_on=term.starts_on.isoformat(),
        )
    elif until < term.ends_on and again is None:
        yield case.source.warning(
            "contract.verification-expires",
            "heat_meter",
            "verified_until",
            message=f"The meter's verification ends on {write_day(until)}, before the term "
            f"ends on {write_day(term.ends_on)}.",
            remedy="Agree on `[verification]` (MET-6), and put the cost of it into the upkeep.",
            verified_until=until.isoformat(),
            ends_on=term.ends_on.isoformat(),
        )


def _meter_fits_flow(case: Case) -> Iterator[Finding]:
    """Check that the meter is made for the flow of the delivery pump."""
    flow_m3h = case.site.delivery.flow_kgs * KJ_PER_KWH / _WATER_KG_PER_M3
    rated_m3h = case.contract.heat_meter.flow_m3h_rated
    if flow_m3h > rated_m3h:
        yield case.source.error(
            "contract.meter-too-small",
            "heat_meter",
            "flow_m3h_rated",
            message=f"The delivery pump moves {format_quantity('flow_m3h', flow_m3h)}, but the "
            f"meter is made for {format_quantity('flow_m3h', rated_m3h)}.",
            remedy="Take a larger meter: beyond its permanent flow it is not approved.",
            flow_m3h=round(flow_m3h, 3),
            rated_m3h=rated_m3h,
        )


def _meter_fits_lift(case: Case) -> Iterator[Finding]:
    """Check that with idle servers the meter still sees the difference it is approved for."""
    contract, flow_kgs = case.contract, case.site.delivery.flow_kgs
    lift_k = contract.it_load.heat_kw_min / (flow_kgs * HEAT_CAPACITY_KJ_PER_KGK)
    approved_k = contract.heat_meter.lift_k_min
    if 0 < lift_k < approved_k:
        yield case.source.warning(
            "contract.lift-below-meter",
            "heat_meter",
            "lift_k_min",
            message=f"With the {format_quantity('heat_kw', contract.it_load.heat_kw_min)} of idle "
            f"servers supply and return are {kelvin(lift_k)} apart at full flow; the meter is "
            f"approved from {kelvin(approved_k)}.",
            remedy="Take a meter approved for less, or a smaller flow of delivery.",
            lift_k=round(lift_k, 3),
            lift_k_min=approved_k,
        )


def _tolerance_covers_sensor(case: Case) -> Iterator[Finding]:
    """Check that the sensor's own error cannot break the promise.

    EN 60751 allows a class B sensor 0.3 K and 0.5 % of the temperature.
    """
    promise = case.contract.supply_temperature
    sensor_k = 0.3 + 0.005 * promise.supply_c_min
    if promise.tolerance_k < sensor_k:
        yield case.source.warning(
            "contract.tolerance-below-sensor",
            "supply_temperature",
            "tolerance_k",
            message=f"A class B sensor may be {format_quantity('error_k', sensor_k, decimals=2)} "
            f"wrong at {celsius(promise.supply_c_min)}; the contract allows "
            f"{format_quantity('error_k', promise.tolerance_k, decimals=2)}.",
            remedy="Allow what the sensor may be wrong, or name a better sensor in BND-1.",
            sensor_k=round(sensor_k, 3),
            tolerance_k=promise.tolerance_k,
        )


MEASURING_CHECKS: tuple[Check, ...] = (
    _points_exist,
    _points_of_one_meter,
    _registers_match,
    _serial_matches,
    _roll_over_is_clear,
    _readings_are_frequent,
    _gaps_are_longer_than_readings,
    _verification_lasts,
    _meter_fits_flow,
    _meter_fits_lift,
    _tolerance_covers_sensor,
)
