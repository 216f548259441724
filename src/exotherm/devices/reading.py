"""Reading device profiles: the document of its protocol, then what no single field shows."""

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import cast

from exotherm.core.documents import Read, Source, read_document
from exotherm.core.errors import UnableTo
from exotherm.core.findings import Finding, Severity, Where, has_errors
from exotherm.core.units import unit_of
from exotherm.devices.modbus.profile import Register, misfits, overlaps
from exotherm.devices.profile import (
    MODELS,
    BacnetTold,
    CsvTold,
    DeviceProfile,
    ModbusProfile,
    MqttTold,
    Profile,
    RedfishTold,
    SetPoint,
    SnmpTold,
    Told,
    profile_names,
    profile_text,
    set_points_of,
    values_of,
)

# By unit: the coarsest step that is of any use, and the least that the largest number must reach.
_USEFUL: dict[str, tuple[Decimal, Decimal]] = {
    "kw": (Decimal(100), Decimal("0.1")),
    "kwh": (Decimal(1000), Decimal(1000)),
    "mwh": (Decimal(10), Decimal(10)),
    "c": (Decimal(2), Decimal(60)),
    "m3": (Decimal(100), Decimal(100)),
    "m3h": (Decimal(1), Decimal(1)),
    "bar": (Decimal("0.5"), Decimal(1)),
}


class UnknownProfile(UnableTo):
    """A profile that a site file names is neither in the package nor in the workspace."""


def read_device_profile(text: str, *, file: str = "profile.toml") -> Read[DeviceProfile]:
    """Read a device profile, or explain each thing that stands against it."""
    try:
        protocol = tomllib.loads(text).get("protocol")
    except (ValueError, RecursionError):
        protocol = "modbus"  # what is no TOML is explained by the reader of any document
    model = MODELS.get(protocol) if isinstance(protocol, str) else None
    if model is None:
        return Read(None, (_protocol_unknown(protocol, Source(file=file, text=text)),))
    read = read_document(text, model, file=file)
    if read.document is None:
        return Read(None, read.findings)
    profile = cast("Profile", read.document)
    findings = tuple(check_device_profile(profile, source=Source(file=file, text=text)))
    return Read(None if has_errors(findings) else read.document, findings)


def load_device_profile(name: str) -> Profile:
    """Load a profile of the package by its name, or of a file by its path.

    Raises UnknownProfile where there is none or an error stands against it.
    """
    if name in profile_names():
        text, file = profile_text(name), f"{name}.toml"
    elif name.endswith(".toml") and Path(name).is_file():
        text, file = _text_of(name), name
    else:
        known = ", ".join(f"`{one}`" for one in profile_names())
        raise UnknownProfile(f"There is no device profile `{name}`.", remedy=f"Known are {known}.")
    read = read_device_profile(text, file=file)
    if read.document is None:
        first = read.findings[0]
        raise UnknownProfile(f"{first.where}: {first.message}", remedy=first.remedy)
    return cast("Profile", read.document)


def _text_of(name: str) -> str:
    try:
        return Path(name).read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnknownProfile(
            f"The device profile `{name}` is not text in UTF-8.",
            remedy="Open it in an editor and save it as UTF-8.",
        ) from error


def check_device_profile(profile: Profile, *, source: Source) -> Iterator[Finding]:
    """Find what is wrong in a profile whose fields are each right by themselves."""
    table = "registers" if isinstance(profile, ModbusProfile) else "values"
    yield from _quantities_twice(profile, table, source)
    if isinstance(profile, ModbusProfile):
        paths: list[tuple[Register, tuple[str | int, ...]]] = [
            (each, (table, place)) for place, each in enumerate(profile.registers)
        ]
        yield from overlaps(paths, source)
        for place, each in enumerate(profile.registers):
            yield from misfits(each, place, source, table=table)
    else:
        yield from _places_twice(profile, source)
        yield from _units_missing(profile, source)
    for place, value in enumerate(values_of(profile)):
        yield from _scale_impossible(value, (table, place), source)
    for place, set_point in enumerate(set_points_of(profile)):
        yield from _unbounded(set_point, place, source)


def _protocol_unknown(protocol: object, source: Source) -> Finding:
    known = ", ".join(f"`{one}`" for one in MODELS)
    return Finding(
        code="profile.protocol-unknown",
        severity=Severity.ERROR,
        where=source.where("protocol") if protocol else Where(file=source.file, line=1),
        message="The profile does not say what its device speaks."
        if protocol is None
        else f"The profile's protocol is `{protocol}`, which is none that the program speaks.",
        remedy=f"Write `protocol` with one of {known}.",
        data={"protocol": str(protocol), "known": list(MODELS)},
    )


def _quantities_twice(profile: Profile, table: str, source: Source) -> Iterator[Finding]:
    seen: set[str] = set()
    for place, value in enumerate(values_of(profile)):
        if value.quantity in seen:
            yield source.error(
                "profile.quantity-twice",
                table,
                place,
                "quantity",
                message=f"`{value.quantity}` stands in the profile twice.",
                remedy="Give each value its own quantity.",
                quantity=value.quantity,
            )
        seen.add(value.quantity)


def _units_missing(profile: Profile, source: Source) -> Iterator[Finding]:
    for place, value in enumerate(values_of(profile)):
        if unit_of(value.quantity) is None:
            yield source.error(
                "profile.quantity-without-unit",
                "values",
                place,
                "quantity",
                message=f"The name `{value.quantity}` carries no unit.",
                remedy="End the name with its unit, as in `power_kw` or `coolant_c`.",
                quantity=value.quantity,
            )


def place_of(value: object) -> str:
    """Give where a value is, in the words of its protocol."""
    if isinstance(value, SnmpTold):
        return value.oid
    if isinstance(value, RedfishTold):
        return value.paths[0]
    if isinstance(value, BacnetTold):
        return value.object
    if isinstance(value, MqttTold):
        return f"{value.topic} {value.field}".strip()
    if isinstance(value, CsvTold):
        return value.column
    assert isinstance(value, Register), value
    return str(value.address)


def _places_twice(profile: Profile, source: Source) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for place, value in enumerate(values_of(profile)):
        at = place_of(value)
        if at in seen:
            yield source.error(
                "profile.place-twice",
                "values",
                place,
                "quantity",
                message=f"`{value.quantity}` is read at {at}, where `{seen[at]}` is read already.",
                remedy="Correct one of the two places: a value has one meaning.",
                place=at,
                other=seen[at],
            )
        seen.setdefault(at, value.quantity)


def _scale_impossible(
    value: Register | Told, path: tuple[str | int, ...], source: Source
) -> Iterator[Finding]:
    unit = unit_of(value.quantity)
    useful = _USEFUL.get(unit.suffix) if unit else None
    if useful is None:
        return
    step_max, reach_min = useful
    largest = _largest(value)
    if value.scale <= step_max and (largest is None or largest * value.scale >= reach_min):
        return
    assert unit is not None
    said = (
        f"counts in steps of {value.scale:f} {unit.label}"
        if value.scale > step_max
        else f"reaches {largest * value.scale:f} {unit.label} at most"  # type: ignore[operator]
    )
    yield source.error(
        "profile.scale-impossible",
        *path,
        "scale",
        message=f"With this scale `{value.quantity}` {said}, which no device is built for.",
        remedy="Look up the unit of the device's number: W or kW, Wh or kWh, tenths or hundredths.",
        scale=str(value.scale),
    )


def _largest(value: Register | Told) -> Decimal | None:
    """Give the largest number that the encoding holds, where there is an encoding of integers."""
    if isinstance(value, Register) and not value.is_float:
        signed = value.encoding.startswith("int")
        return Decimal((1 << (16 * value.width - signed)) - 1)
    return Decimal((1 << 31) - 1) if isinstance(value, SnmpTold) else None


def _unbounded(set_point: SetPoint, place: int, source: Source) -> Iterator[Finding]:
    if set_point.low >= set_point.high:
        yield source.error(
            "profile.bounds-reversed",
            "set_points",
            place,
            "low",
            message=f"`{set_point.quantity}` is bounded by {set_point.low} and {set_point.high}, "
            "between which there is nothing.",
            remedy="Write the least value into `low` and the largest into `high`.",
            low=str(set_point.low),
            high=str(set_point.high),
        )
    if not set_point.volatile and set_point.writes_per_day_max is None:
        yield source.error(
            "profile.writes-unbounded",
            "set_points",
            place,
            "volatile",
            message=f"`{set_point.quantity}` is kept in the device's memory, which some 100 000 "
            "writes wear out, and has no `writes_per_day_max`.",
            remedy="Give the write budget of the maker, or 24 a day; or show that it is volatile.",
            quantity=set_point.quantity,
        )
