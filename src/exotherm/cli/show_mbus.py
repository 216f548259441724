"""M-Bus telegrams on a terminal, for ``operate decode`` and ``operate probe``."""

from typing import TYPE_CHECKING

from exotherm.cli.output import say

if TYPE_CHECKING:
    from exotherm.devices.mbus.record import Record
    from exotherm.devices.mbus.telegram import Telegram

_MANUFACTURER_SHOWN = 32
_VALUE_SHOWN = 19


def say_telegram(telegram: "Telegram") -> None:
    """Print who a meter is and each of its records, the invalid ones with their reason."""
    maker = f" of {telegram.manufacturer}" if telegram.manufacturer else ""
    number = "" if telegram.access_number is None else f", access number {telegram.access_number}"
    say(
        f"Meter {telegram.identification or 'without a number'}{maker}"
        f"{f', {telegram.medium}' if telegram.medium else ''}{number}",
        style="bold",
    )
    words = ", ".join(telegram.status_words) or "nothing wrong"
    address = "" if telegram.address is None else f"address {telegram.address}, "
    say(f"  {address}status {telegram.status:02X}: {words}")
    for record in telegram.records:
        _say_record(record)
    if telegram.encrypted:
        say(f"  encrypted, {len(telegram.encrypted_data) // 2} bytes")
    if telegram.manufacturer_data:
        shown = telegram.manufacturer_data[:_MANUFACTURER_SHOWN]
        more = "…" if len(telegram.manufacturer_data) > _MANUFACTURER_SHOWN else ""
        say(f"  manufacturer's own data {shown}{more}")
    if telegram.more_follows:
        say("  more records follow in the meter's next telegram")


def _say_record(record: "Record") -> None:
    about = [record.function.value] if record.function.value != "instantaneous" else []
    about += [
        f"{name} {number}"
        for name, number in (
            ("storage", record.storage),
            ("tariff", record.tariff),
            ("subunit", record.subunit),
        )
        if number
    ]
    about += list(record.qualifiers)
    value = "" if record.value is None else str(record.to_json()["value"])
    if len(value) > _VALUE_SHOWN:
        value = f"{value[: _VALUE_SHOWN - 1]}…"
    quantity = record.quantity.removeprefix("text:")
    head = f"  {quantity:<22} {value:>{_VALUE_SHOWN}} {record.unit:<4}"
    say(f"{head}  {', '.join(about)}".rstrip())
    if not record.valid:
        raw = f" ({record.raw[:40]}{'…' if len(record.raw) > 40 else ''})"
        say(f"    invalid: {record.reason}{raw}", style="yellow")
