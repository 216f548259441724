"""The price of heat in time: which price an interval has, by month, hour, weather or a list.

A slot is named by a key. The key of a published price holds the price itself, so a bill can be
computed again without the list.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from exotherm.contract.index import PriceBook
from exotherm.contract.terms import Contract
from exotherm.contract.terms.tariff import EnergyPrice, HourPrice
from exotherm.contract.terms.tariff_models import OutdoorPrice
from exotherm.core.period import Period, local_midnight

BASE = "base"
FALLBACK = "fallback"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedPrice:
    """The price of the hour that starts at an instant, and when it was published."""

    starts_at: datetime
    price_per_kwh: Decimal
    published_at: datetime


def varies_in_month(contract: Contract) -> bool:
    """Tell whether heat has several prices within a month, so that a bill needs slots."""
    if outdoor_price_of(contract) is not None:
        return True
    energy = contract.energy_price
    return energy is not None and bool(energy.hours)


def outdoor_price_of(contract: Contract) -> OutdoorPrice | None:
    """Give the clause that prices heat by weather or list, where the composition names it."""
    return contract.outdoor_price if "outdoor price" in contract.composition.order else None


def slot_keys(
    contract: Contract,
    intervals: Sequence[Period],
    outdoor_c: Sequence[float | None] | None = None,
    published: Iterable[PublishedPrice] | None = None,
) -> tuple[str, ...]:
    """Give the key of the price of each interval.

    ``outdoor_c`` has the outdoor temperature at each interval's end, None where it is unknown;
    ``published`` are the prices of the list, also those that came too late to count. An unknown
    temperature or price falls to what the contract declares (TAR-8), under a key that tells it.
    """
    outdoor = outdoor_price_of(contract)
    if outdoor is None:
        return tuple(_key_of_energy(contract, interval.start) for interval in intervals)
    if outdoor.kind == "steps":
        values = outdoor_c if outdoor_c is not None else (None,) * len(intervals)
        assert len(values) == len(intervals), "one outdoor temperature for each interval"
        known = [_step_key(outdoor, value) for value in values]
    else:
        prices = _in_time(contract, outdoor, published or ())
        known = [_list_key(contract, interval.start, prices) for interval in intervals]
    return tuple(_filled(known, keep=outdoor.if_unpublished == "price before"))


def _filled(keys: Iterable[str | None], *, keep: bool) -> Iterable[str]:
    """Fill unknown prices: with the one before where the contract keeps it, else the fallback."""
    before = FALLBACK
    for key in keys:
        if key is not None:
            before = key
        yield key or (before if keep else FALLBACK)


def key_of_month(contract: Contract, instant: datetime) -> str:
    """Give the key of heat of which nothing tells when in its month it came."""
    if outdoor_price_of(contract) is not None:
        return FALLBACK
    return _season_key(contract.energy_price, instant.astimezone(contract.zone).month)


def _key_of_energy(contract: Contract, instant: datetime) -> str:
    energy, local = contract.energy_price, instant.astimezone(contract.zone)
    for index, price in enumerate(energy.hours if energy else ()):
        if local.isoweekday() in price.weekdays and price.starts_at <= local.hour < price.ends_at:
            return f"hours:{index}"
    return _season_key(energy, local.month)


def _season_key(energy: EnergyPrice | None, month: int) -> str:
    for index, season in enumerate(energy.seasons if energy else ()):
        if month in season.months:
            return f"season:{index}"
    return BASE


def _step_key(outdoor: OutdoorPrice, outdoor_c: float | None) -> str | None:
    """Give the warmest step that is reached; what is colder than all takes the coldest."""
    if outdoor_c is None or outdoor_c != outdoor_c:  # noqa: PLR0124 - a NaN is no temperature
        return None
    limits = [step.outdoor_c_min for step in outdoor.steps]
    return f"step:{max((one for one in limits if one <= outdoor_c), default=min(limits))!r}"


def _in_time(
    contract: Contract, outdoor: OutdoorPrice, published: Iterable[PublishedPrice]
) -> dict[datetime, Decimal]:
    """Give the prices that were published by the hour of the day before; of several the last."""
    assert outdoor.published_at is not None
    prices: dict[datetime, Decimal] = {}
    for one in sorted(published, key=lambda price: price.published_at):
        day = one.starts_at.astimezone(contract.zone).date()
        if one.published_at <= _deadline(contract, day.toordinal(), outdoor.published_at):
            prices[one.starts_at] = one.price_per_kwh
    return prices


def _deadline(contract: Contract, day: int, hour: int) -> datetime:
    """Give the instant of an hour on the day before; hour 24 is the midnight that follows."""
    before = datetime.fromordinal(day - 1).date()
    if hour == 24:
        return local_midnight(before + timedelta(days=1), contract.zone)
    return datetime.combine(before, time(hour), tzinfo=contract.zone)


def _list_key(contract: Contract, instant: datetime, prices: dict[datetime, Decimal]) -> str | None:
    local = instant.astimezone(contract.zone)
    past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    price = prices.get(instant - past)
    return None if price is None else f"list:{price}"


def price_of_slot(contract: Contract, key: str, book: PriceBook | None = None) -> Decimal:
    """Give the price of a kilowatt hour in a slot, indexed and held within its limits.

    A published price is what it is: no index moves it, but a collar holds it (TAR-7).
    """
    book = book or PriceBook.at_start(contract)
    kind, _, rest = key.partition(":")
    if kind == "list":
        return book.collared(max(Decimal(rest), Decimal(0)))
    return book.price("energy price", _PRICES[kind](contract, rest))


def _outdoor(contract: Contract) -> OutdoorPrice:
    assert contract.outdoor_price is not None
    return contract.outdoor_price


def _energy(contract: Contract) -> EnergyPrice:
    assert contract.energy_price is not None
    return contract.energy_price


def _step_price(contract: Contract, rest: str) -> Decimal:
    steps = _outdoor(contract).steps
    return next(one.price_per_kwh for one in steps if repr(one.outdoor_c_min) == rest)


_PRICES: dict[str, Callable[[Contract, str], Decimal]] = {
    BASE: lambda contract, _: _energy(contract).price_per_kwh,
    "season": lambda contract, rest: _energy(contract).seasons[int(rest)].price_per_kwh,
    "hours": lambda contract, rest: _energy(contract).hours[int(rest)].price_per_kwh,
    "step": _step_price,
    FALLBACK: lambda contract, _: _outdoor(contract).fallback_price_per_kwh,
}


def words_of_slot(contract: Contract, key: str) -> str:
    """Say when a slot's price holds, to stand after a comma; empty where it always does."""
    kind, _, rest = key.partition(":")
    if kind == "hours":
        return _words_of_hours(_energy(contract).hours[int(rest)])
    if kind == "step":
        return f"from {float(rest):g} °C outside".replace("-", "−")
    if kind == "list":
        return "at the published price"
    if kind == FALLBACK:
        by_steps = _outdoor(contract).kind == "steps"
        unknown = "outdoor temperature" if by_steps else "published price"
        return f"{unknown} unknown, at the fallback price"
    return "at other hours" if kind == BASE and _has_hours(contract) else ""


def _has_hours(contract: Contract) -> bool:
    return contract.energy_price is not None and bool(contract.energy_price.hours)


def _words_of_hours(price: HourPrice) -> str:
    days = ", ".join(_DAYS[day - 1] for day in sorted(price.weekdays))
    return f"{days} {price.starts_at:02d}:00 to {price.ends_at:02d}:00"


def order_of_slot(key: str) -> tuple[str, Decimal]:
    """Give what slots are sorted by, so that a bill is the same in whatever order they come."""
    kind, _, rest = key.partition(":")
    return kind, Decimal(rest or 0)
