"""Register maps of Modbus devices: profiles in TOML, read and checked."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from exotherm.core.findings import Finding, Severity, Where, has_errors
from exotherm.core.units import unit_of

Encoding = Literal["uint16", "int16", "uint32", "int32", "float32"]
WordOrder = Literal["big", "little"]

BLOCK_MAX = 125
"""The most registers that one Modbus request reads."""

_FLOAT_COUNT_MAX = 2**24
_WIDTHS: dict[Encoding, int] = {"uint16": 1, "int16": 1, "uint32": 2, "int32": 2, "float32": 2}
_REGISTER_UNITS = frozenset({"kwh", "mwh", "m3"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """One value in a device's registers: where it is, how it is written, and what it counts.

    The value in the quantity's unit is the number in the registers times ``scale``; the count is
    that value with ``decimals``. ``invalid`` is the bit pattern that stands for "no value".
    """

    quantity: str
    address: int
    encoding: Encoding
    word_order: WordOrder = "big"
    scale: Decimal = Decimal(1)
    decimals: int = 0
    invalid: int | None = None

    @property
    def width(self) -> int:
        """How many 16-bit registers the value takes."""
        return _WIDTHS[self.encoding]

    @property
    def end(self) -> int:
        """The first address behind the value."""
        return self.address + self.width


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterMap:
    """All values that are read from a device, in one block so that they are of one moment."""

    title: str
    function: Literal["holding", "input"]
    clock: Register | None
    registers: tuple[Register, ...]

    @property
    def all_registers(self) -> tuple[Register, ...]:
        """The values with the clock, by address."""
        clock = (self.clock,) if self.clock else ()
        return tuple(sorted((*clock, *self.registers), key=lambda register: register.address))

    @property
    def address(self) -> int:
        """The first address of the block."""
        return self.all_registers[0].address

    @property
    def length(self) -> int:
        """How many registers the block has."""
        return self.all_registers[-1].end - self.address


_Address = Annotated[int, Field(ge=0, le=0xFFFF)]
_Pattern = Annotated[int, Field(ge=0, le=0xFFFFFFFF)]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    address: _Address
    word_order: WordOrder = "big"
    invalid: _Pattern | None = None


class _ClockLine(_Line):
    encoding: Literal["uint32"]


class _RegisterLine(_Line):
    quantity: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    encoding: Encoding
    scale: Annotated[Decimal, Field(gt=0, strict=False)] = Decimal(1)
    decimals: Annotated[int, Field(ge=0, le=9)]


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    title: str
    function: Literal["holding", "input"]
    clock: _ClockLine | None = None
    registers: list[_RegisterLine] = Field(min_length=1)


def read_profile(text: str, *, file: str = "") -> tuple[RegisterMap | None, tuple[Finding, ...]]:
    """Read a device profile and everything that is wrong in it; the map is None where that blocks.

    ``file`` is only named in the findings.
    """
    try:
        document = _Document.model_validate(tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        return None, (_not_toml(error, file),)
    except ValidationError as error:
        return None, tuple(_field_findings(error, file))
    register_map = _map_of(document)
    findings = check_profile(register_map, file=file)
    return (None if has_errors(findings) else register_map), findings


def load_profile(name: str) -> RegisterMap:
    """Load a profile that comes with the package, such as ``plantroom``."""
    text = files("exotherm.devices").joinpath("profiles", f"{name}.toml").read_text("utf-8")
    register_map, findings = read_profile(text, file=f"{name}.toml")
    assert register_map is not None, findings
    return register_map


def check_profile(register_map: RegisterMap, *, file: str = "") -> tuple[Finding, ...]:
    """Find what is wrong in a map whose fields are each right by themselves."""
    registers = register_map.registers
    findings = [
        *_overlaps(register_map.all_registers, file),
        *_repetitions(registers, file),
        *(finding for register in registers for finding in _misfits(register, file)),
    ]
    if register_map.length > BLOCK_MAX:
        findings.append(
            _finding(
                "profile.block-too-long",
                Where(file=file, path="registers"),
                f"The registers span {register_map.length} addresses; one request reads "
                f"{BLOCK_MAX}, so their values would be of different moments.",
                "Describe the device in several profiles, each within one block.",
                {"length": register_map.length, "length_max": BLOCK_MAX},
            )
        )
    return tuple(findings)


def _map_of(document: _Document) -> RegisterMap:
    clock = document.clock
    return RegisterMap(
        title=document.title,
        function=document.function,
        clock=Register(
            quantity="clock_s",
            address=clock.address,
            encoding=clock.encoding,
            word_order=clock.word_order,
            invalid=clock.invalid,
        )
        if clock
        else None,
        registers=tuple(Register(**line.model_dump()) for line in document.registers),
    )


def _not_toml(error: tomllib.TOMLDecodeError, file: str) -> Finding:
    return _finding(
        "profile.not-toml",
        Where(file=file),
        f"The profile is not TOML: {error}.",
        "Correct the line that is named.",
        {},
    )


def _field_findings(error: ValidationError, file: str) -> Iterator[Finding]:
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        path = ".".join(str(part) for part in problem["loc"])
        yield _finding(
            "profile.field-wrong",
            Where(file=file, path=path),
            f"{path}: {problem['msg']}.",
            "Correct the field; the profiles that come with exotherm show every field there is.",
            {"kind": problem["type"]},
        )


def _overlaps(registers: Sequence[Register], file: str) -> Iterator[Finding]:
    for one, other in pairwise(registers):
        if other.address < one.end:
            yield _finding(
                "profile.registers-overlap",
                Where(file=file, path=other.quantity),
                f"{other.quantity} begins at address {other.address}, inside {one.quantity} "
                f"({one.address} to {one.end - 1}).",
                "Correct one of the two addresses or encodings.",
                {"address": other.address, "other": one.quantity},
            )


def _repetitions(registers: Sequence[Register], file: str) -> Iterator[Finding]:
    names = [register.quantity for register in registers]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield _finding(
            "profile.quantity-twice",
            Where(file=file, path=name),
            f"{name} stands {names.count(name)} times in the profile.",
            "Give each register its own quantity.",
            {"quantity": name},
        )


def _misfits(register: Register, file: str) -> Iterator[Finding]:
    where = Where(file=file, path=register.quantity)
    unit = unit_of(register.quantity)
    if unit is None:
        yield _finding(
            "profile.quantity-without-unit",
            where,
            f"The name {register.quantity} carries no unit.",
            "End the name with its unit, as in power_kw or coolant_c.",
            {"quantity": register.quantity},
        )
    if register.encoding == "float32" and unit is not None and unit.suffix in _REGISTER_UNITS:
        yield _finding(
            "profile.register-as-float",
            where,
            f"{register.quantity} is a float32, which counts exactly to {_FLOAT_COUNT_MAX} only.",
            "Read the device's integer register for this quantity.",
            {"count_max": _FLOAT_COUNT_MAX},
            severity=Severity.WARNING,
        )
    step = register.scale.scaleb(register.decimals)
    if register.encoding != "float32" and step != step.to_integral_value():
        yield _finding(
            "profile.decimals-too-few",
            where,
            f"{register.quantity} counts in steps of {register.scale}, finer than its "
            f"{register.decimals} decimals.",
            "Raise decimals until the scale is a whole count.",
            {"scale": str(register.scale), "decimals": register.decimals},
        )


def _finding(
    code: str,
    where: Where,
    message: str,
    remedy: str,
    data: dict[str, object],
    *,
    severity: Severity = Severity.ERROR,
) -> Finding:
    return Finding(
        code=code, severity=severity, where=where, message=message, remedy=remedy, data=data
    )
