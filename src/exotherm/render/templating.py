"""Templates and what they call: numbers, dates and charts written in one way everywhere."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from exotherm.core.units import NO_BREAK_SPACE, format_number, format_quantity, label_of, unit_of

Number = float | Decimal | str
NOT_KNOWN = "not known"


def make_environment(package: str) -> Environment:
    """Prepare the templates of a package; every value is escaped, a missing one is an error."""
    environment = Environment(
        loader=PackageLoader(package, "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        quantity=quantity,
        number=number,
        money=money,
        digits=digits,
        coded=coded,
        day=day,
        moment=moment,
        month=month,
        age=age,
    )
    return environment


@lru_cache(maxsize=1)
def style_sheet() -> str:
    """Give the style sheet that report and web share."""
    return files("exotherm.render").joinpath("templates", "style.css").read_text("utf-8")


def quantity(
    value: Number | None, name: str, currency: str = "EUR", decimals: int | None = None
) -> str:
    """Write a value with the unit that its name carries, or say that it is not known."""
    if value is None:
        return NOT_KNOWN
    return format_quantity(name, _decimal(value), currency=currency, decimals=decimals)


def number(value: Number | None, decimals: int = 0) -> str:
    """Write a number without a unit, or say that it is not known."""
    return NOT_KNOWN if value is None else format_number(_decimal(value), decimals)


def money(value: Number | None, currency: str) -> str:
    """Write an amount with its cents and its currency."""
    return quantity(value, "amount", currency)


def digits(value: str) -> str:
    """Write a number that is kept as text with exactly the digits it has."""
    exponent = Decimal(value).as_tuple().exponent
    assert isinstance(exponent, int), value
    return format_number(Decimal(value), max(0, -exponent))


def exact(value: object, name: str, currency: str = "EUR") -> str:
    """Write a value of a document with all digits it has, none added and none rounded away."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case int() if unit_of(name) is None:
            return str(value)  # a year, a port, a count: no thousands are parted in these
        case int() | float() | Decimal():
            return _exact_number(value, name, currency)
        case tuple() | list():
            return ", ".join(exact(one, name, currency) for one in value) or "none"
        case date():
            return day(value)
        case _:
            return str(value)


def exact_parts(value: object, name: str, currency: str = "EUR") -> tuple[str, str]:
    """Write a value of a document with all its digits, and beside it the unit that it has.

    A number without a unit has a dash, a word nothing; what is left out has its unit all the same.
    """
    match value:
        case bool() | str() | date():
            return exact(value, name, currency), ""
        case tuple() | list():
            parts = [exact_parts(one, name, currency) for one in value]
            unit = parts[0][1] if parts else label_of(name, currency=currency)
            return ", ".join(one for one, _ in parts) or "none", unit
        case int() | float() | Decimal():
            number, _, unit = exact(value, name, currency).partition(NO_BREAK_SPACE)
            return number, unit or ("" if isinstance(value, int) else "–")
        case _:
            return exact(value, name, currency), label_of(name, currency=currency)


def _exact_number(value: float | Decimal, name: str, currency: str) -> str:
    shown = Decimal(str(value))
    written = shown.scaleb(2) if "%" in format_quantity(name, shown) else shown
    exponent = written.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return format_quantity(name, shown, currency=currency, decimals=max(0, -exponent))


def coded(words: str) -> Markup:
    """Escape words and set what stands between backticks as code."""
    parts = str(escape(words)).split("`")
    if len(parts) % 2 == 0:
        return escape(words)
    joined = "".join(f"<code>{one}</code>" if at % 2 else one for at, one in enumerate(parts))
    return Markup(joined)  # noqa: S704 - escaped above


def day(value: date | str) -> str:
    """Write a day as people do: 1 Nov 2026."""
    when = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{when.day}{NO_BREAK_SPACE}{when:%b}{NO_BREAK_SPACE}{when.year}"


def moment(value: datetime | str, zone: ZoneInfo | str) -> str:
    """Write an instant by the clock of a place: 1 Nov 2026, 08:15."""
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    local = instant.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)
    return f"{day(local.date())}, {local:%H:%M}"


def month(name: str) -> str:
    """Write a month that is named 2026-10 as people do: October 2026."""
    return f"{date.fromisoformat(f'{name}-01'):%B}{NO_BREAK_SPACE}{name[:4]}"


def age(seconds: float) -> str:
    """Write how long ago something was, in the largest unit that says it: 14 min, 3 h, 8 days."""
    for unit, length in (("day", 86400), ("h", 3600), ("min", 60)):
        count = int(seconds // length)
        if count >= 1:
            plural = "s" if unit == "day" and count > 1 else ""
            return f"{count}{NO_BREAK_SPACE}{unit}{plural}"
    return f"{max(0, int(seconds))}{NO_BREAK_SPACE}s"


def _decimal(value: Number) -> float | Decimal:
    return Decimal(value) if isinstance(value, str) else value
