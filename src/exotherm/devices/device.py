"""A device by its profile: the four abilities over whichever line its protocol has."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from exotherm.core.samples import Quality
from exotherm.core.units import unit_of
from exotherm.devices.abilities import Identity, Value
from exotherm.devices.errors import UnableToWrite, UnreadableRegisters
from exotherm.devices.line import Line, Raw
from exotherm.devices.profile import (
    ModbusTold,
    Profile,
    SetPoint,
    Told,
    set_points_of,
    values_of,
)

_DAY = timedelta(days=1)


class Device:
    """A device that is read by its profile, and written only where that allows it.

    ``now`` gives the time at which an answer is received. ``writable`` has to be asked for: without
    it nothing is ever written. ``written`` are the times at which each set-point was written
    before, so that a budget outlives a restart.
    """

    def __init__(
        self,
        profile: Profile,
        line: Line,
        *,
        now: Callable[[], datetime],
        writable: bool = False,
        written: Mapping[str, tuple[datetime, ...]] | None = None,
    ) -> None:
        self.profile = profile
        self._line = line
        self._now = now
        self._writable = writable
        self.written: dict[str, tuple[datetime, ...]] = dict(written or {})

    async def close(self) -> None:
        """Let go of the connection."""
        await self._line.close()

    async def identify(self) -> Identity:
        """Ask the device who it is; raises as `read` does."""
        return await self._line.identify()

    async def read(self) -> tuple[Value, ...]:
        """Read everything that the profile describes, in its order.

        Raises UnableToReachMeter, UnreadableRegisters or UnableToLogIn.
        """
        told = await self._line.fetch()
        received_at = self._now()
        return tuple(
            _value(each, told.get(each.quantity), received_at) for each in values_of(self.profile)
        )

    async def read_register(self, quantity: str) -> Value:
        """Read one register; raises as `read` does."""
        return await self._one(quantity, kind="register")

    async def read_power(self) -> Value:
        """Read its power in kW: electric, or of heat where it tells only that; raises as `read`."""
        names = [each.quantity for each in values_of(self.profile)]
        power = next((name for name in ("power_kw", "heat_kw") if name in names), None)
        if power is None:
            raise self._lacking("no power")
        return await self._one(power)

    async def read_temperature(self, quantity: str) -> Value:
        """Read one temperature in °C; raises as `read` does."""
        unit = unit_of(quantity)
        if unit is None or unit.suffix != "c":
            raise self._lacking(f"no temperature `{quantity}`")
        return await self._one(quantity)

    async def accept_set_point(self, quantity: str, number: Decimal) -> Decimal:
        """Write a set-point, held within its bounds, and give the number that was written.

        Raises UnableToWrite where nothing was asked to be writable, where the profile has no such
        set-point, or where its budget for the last 24 hours is spent.
        """
        set_point = self._set_point(quantity)
        if not number.is_finite():
            raise UnableToWrite(
                f"{number} is no number that `{quantity}` could be set to.",
                remedy="Give a finite number.",
            )
        now = self._now()
        recent = tuple(at for at in self.written.get(quantity, ()) if now - at < _DAY)
        budget = set_point.writes_per_day_max
        if budget is not None and len(recent) >= budget:
            raise UnableToWrite(
                f"`{quantity}` of {self.profile.title} was written {len(recent)} times in 24 hours,"
                f" as often as its memory bears.",
                remedy=f"Wait until {recent[0] + _DAY:%Y-%m-%d %H:%M} UTC, or set it less often.",
                retryable=True,
            )
        held = min(max(number, set_point.low), set_point.high)
        # Spent before it is sent: whether a write that failed was done, nobody knows.
        self.written[quantity] = (*recent, now)
        await self._line.write(set_point, held)
        return held

    def _set_point(self, quantity: str) -> SetPoint:
        if not self._writable:
            raise UnableToWrite(
                f"{self.profile.title} was opened for reading only.",
                remedy="Open it as writable where a controller has to write to it.",
            )
        for set_point in set_points_of(self.profile):
            if set_point.quantity == quantity:
                if set_point.volatile or set_point.writes_per_day_max is not None:
                    return set_point
                raise UnableToWrite(
                    f"`{quantity}` is kept in the device's memory and has no write budget.",
                    remedy="Give `writes_per_day_max` in the profile.",
                )
        raise UnableToWrite(
            f"The profile of {self.profile.title} has no set-point `{quantity}`.",
            remedy="Add a table `[[set_points]]` with its bounds and its budget.",
        )

    async def _one(self, quantity: str, *, kind: str | None = None) -> Value:
        described = [each for each in values_of(self.profile) if each.quantity == quantity]
        if not described or (kind is not None and described[0].kind != kind):
            raise self._lacking(f"no {kind or 'value'} `{quantity}`")
        return next(value for value in await self.read() if value.quantity == quantity)

    def _lacking(self, what: str) -> UnreadableRegisters:
        told = ", ".join(f"`{each.quantity}`" for each in values_of(self.profile))
        return UnreadableRegisters(
            f"{self.profile.title} tells {what}.", remedy=f"It tells {told}.", retryable=False
        )


def _value(each: ModbusTold | Told, raw: Raw | None, received_at: datetime) -> Value:
    if raw is None:
        raw = Raw(number=None, reason="the answer does not tell it")
    number = raw.number if raw.number is not None and raw.number.is_finite() else None
    reason = raw.reason or ("" if number is not None else "it gives no number")
    doubtful = Quality.SUSPECT if reason else Quality.GOOD
    return Value(
        quantity=each.quantity,
        number=None if number is None else _shown(each, number),
        source_at=raw.source_at,
        received_at=received_at,
        quality=Quality.INVALID if number is None else doubtful,
        reason=reason,
    )


def _shown(each: ModbusTold | Told, number: Decimal) -> Decimal:
    """Keep the decimals of the profile; of a register only digits that are full."""
    count = number.scaleb(each.decimals)
    rounding = ROUND_FLOOR if each.kind == "register" else ROUND_HALF_EVEN
    return count.to_integral_value(rounding=rounding).scaleb(-each.decimals)
