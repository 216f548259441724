"""Register maps of Modbus devices: profiles in TOML, read and checked."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from importlib.resources import files
from itertools import pairwise
from typing import Literal

from pydantic import Field

from exotherm.core.documents import Document, Read, Source, read_document
from exotherm.core.findings import Finding, has_errors
from exotherm.core.units import unit_of

Encoding = Literal["uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64"]
WordOrder = Literal["big", "little"]

BLOCK_MAX = 125
"""the most registers that one Modbus request reads"""

_FLOAT_COUNT_MAX = 2**24
_WIDTHS: dict[Encoding, int] = {
    "uint16": 1,
    "int16": 1,
    "uint32": 2,
    "int32": 2,
    "float32": 2,
    "uint64": 4,
    "int64": 4,
    "float64": 4,
}
_REGISTER_UNITS = frozenset({"kwh", "mwh", "m3"})


class Clock(Document):
    """The device's own time: whole seconds since 1970-01-01 UTC, in two registers."""

    address: int = Field(ge=0, le=0xFFFE)
    """address of the first of its two registers, counted from 0"""
    word_order: WordOrder = "big"
    """whether the high word stands first (big) or last (little)"""
    invalid: int | None = Field(default=None, ge=0, le=0xFFFFFFFF)
    """bit pattern by which the device says that it does not know the time"""


class Register(Document):
    """One value in a device's registers: where it is, how it is written, and what it counts."""

    quantity: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    """name of the quantity, ending with its unit, as in power_kw"""
    address: int = Field(ge=0, le=0xFFFF)
    """address of its first register, counted from 0"""
    encoding: Encoding
    """how the number is written"""
    word_order: WordOrder = "big"
    """whether the high word stands first (big) or last (little)"""
    scale: Decimal = Field(default=Decimal(1), gt=0)
    """what the number is multiplied by to give the value in the quantity's unit"""
    offset: Decimal = Decimal(0)
    """what is added then, as -273.15 where the device counts kelvin"""
    decimals: int = Field(ge=0, le=9)
    """how many decimals of the value are kept"""
    invalid: int | None = Field(default=None, ge=0, le=0xFFFFFFFF)
    """bit pattern by which the device says that it has no value"""
    no_value: Literal["all ones", "lowest", "highest"] | None = None
    """the same by its name: every bit set, or the number farthest below or above nought"""

    @property
    def invalid_pattern(self) -> int | None:
        """The bit pattern of no value, whichever way the profile gives it."""
        if self.no_value is None:
            return self.invalid
        bits = 16 * self.width
        patterns = {"all ones": (1 << bits) - 1, "lowest": 1 << (bits - 1)}
        return patterns.get(self.no_value, (1 << (bits - 1)) - 1)

    @property
    def is_float(self) -> bool:
        """Whether the number is written with a binary point."""
        return self.encoding.startswith("float")

    @property
    def width(self) -> int:
        """How many 16-bit registers the value takes."""
        return _WIDTHS[self.encoding]

    @property
    def end(self) -> int:
        """The first address behind the value."""
        return self.address + self.width


class RegisterMap(Document):
    """All values that are read from a device, in one block so that they are of one moment."""

    title: str
    """what the device is, for people"""
    function: Literal["holding", "input"]
    """which of the device's two tables of registers is read"""
    clock: Clock | None = None
    """the device's own time, where it tells it"""
    registers: tuple[Register, ...]
    """the values"""

    @property
    def clock_register(self) -> Register | None:
        """The clock as a register of seconds."""
        if self.clock is None:
            return None
        return Register(
            quantity="clock_s",
            address=self.clock.address,
            encoding="uint32",
            word_order=self.clock.word_order,
            decimals=0,
            invalid=self.clock.invalid,
        )

    @property
    def address(self) -> int:
        """The first address of the block."""
        return min(start for start, _ in self._spans)

    @property
    def length(self) -> int:
        """How many registers the block has."""
        return max(end for _, end in self._spans) - self.address

    @property
    def _spans(self) -> tuple[tuple[int, int], ...]:
        clock = self.clock
        of_clock = ((clock.address, clock.address + 2),) if clock else ()
        return (*of_clock, *((each.address, each.end) for each in self.registers))


def read_profile(text: str, *, file: str = "profile.toml") -> Read[RegisterMap]:
    """Read a device profile, or explain each thing that stands against it."""
    read = read_document(text, RegisterMap, file=file)
    if read.document is None:
        return read
    findings = check_profile(read.document, source=Source(file=file, text=text))
    return replace(
        read, document=None if has_errors(findings) else read.document, findings=findings
    )


def load_profile(name: str) -> RegisterMap:
    """Load a profile that comes with the package, such as ``plantroom``."""
    text = files("exotherm.devices").joinpath("profiles", f"{name}.toml").read_text("utf-8")
    read = read_profile(text, file=f"{name}.toml")
    assert read.document is not None, read.findings
    return read.document


def check_profile(register_map: RegisterMap, *, source: Source) -> tuple[Finding, ...]:
    """Find what is wrong in a map whose fields are each right by themselves."""
    if not register_map.registers:
        finding = source.error(
            "profile.registers-missing",
            "registers",
            message="The profile has no registers.",
            remedy="Add a table `[[registers]]` for each value that is read.",
        )
        return (finding,)
    findings = [*_overlaps(register_map, source), *_repetitions(register_map, source)]
    for place, register in enumerate(register_map.registers):
        findings += misfits(register, place, source)
    if register_map.length > BLOCK_MAX:
        finding = source.error(
            "profile.block-too-long",
            "registers",
            message=f"The registers span {register_map.length} addresses. One request reads "
            f"{BLOCK_MAX}, so their values would be of different moments.",
            remedy="Describe the device in several profiles, each within one block.",
            length=register_map.length,
            length_max=BLOCK_MAX,
        )
        findings.append(finding)
    return tuple(findings)


def _overlaps(register_map: RegisterMap, source: Source) -> Iterator[Finding]:
    clock = register_map.clock_register
    paths: list[tuple[Register, tuple[str | int, ...]]] = [
        (register, ("registers", place)) for place, register in enumerate(register_map.registers)
    ]
    if clock:
        paths.append((clock, ("clock",)))
    yield from overlaps(paths, source)


def overlaps(
    paths: list[tuple[Register, tuple[str | int, ...]]], source: Source
) -> Iterator[Finding]:
    """Find registers of one table that begin inside another, each with its path in the file."""
    paths = sorted(paths, key=lambda pair: pair[0].address)
    for (one, _), (other, path) in pairwise(paths):
        if other.address < one.end:
            yield source.error(
                "profile.registers-overlap",
                *path,
                "address",
                message=f"`{other.quantity}` begins at address {other.address}, which is part of "
                f"`{one.quantity}` ({one.address} to {one.end - 1}).",
                remedy="Correct one of the two addresses or encodings.",
                address=other.address,
                other=one.quantity,
            )


def _repetitions(register_map: RegisterMap, source: Source) -> Iterator[Finding]:
    seen: set[str] = set()
    for place, register in enumerate(register_map.registers):
        if register.quantity in seen:
            yield source.error(
                "profile.quantity-twice",
                "registers",
                place,
                "quantity",
                message=f"`{register.quantity}` stands in the profile twice.",
                remedy="Give each register its own quantity.",
                quantity=register.quantity,
            )
        seen.add(register.quantity)


def misfits(
    register: Register, place: int, source: Source, *, table: str = "registers"
) -> Iterator[Finding]:
    """Find what is wrong in a register by itself: its unit, its encoding, its decimals."""
    unit = unit_of(register.quantity)
    path = (table, place)
    if unit is None:
        yield source.error(
            "profile.quantity-without-unit",
            *path,
            "quantity",
            message=f"The name `{register.quantity}` carries no unit.",
            remedy="End the name with its unit, as in `power_kw` or `coolant_c`.",
            quantity=register.quantity,
        )
    if register.encoding == "float32" and unit is not None and unit.suffix in _REGISTER_UNITS:
        yield source.warning(
            "profile.register-as-float",
            *path,
            "encoding",
            message=f"`{register.quantity}` is a float32, which counts exactly only to "
            f"{_FLOAT_COUNT_MAX}.",
            remedy="Read the device's whole-number register for this quantity, if it has one.",
            count_max=_FLOAT_COUNT_MAX,
        )
    step = register.scale.scaleb(register.decimals)
    if not register.is_float and step != step.to_integral_value():
        yield source.error(
            "profile.decimals-too-few",
            *path,
            "decimals",
            message=f"`{register.quantity}` counts in steps of {register.scale}, which "
            f"{register.decimals} decimals do not hold.",
            remedy="Raise `decimals` until they hold the scale.",
            scale=str(register.scale),
            decimals=register.decimals,
        )
