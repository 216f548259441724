"""An item of a survey: what it costs, delays, risks or stops, and by whose word."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from exotherm.core.currencies import PER_EUR
from exotherm.core.money import RoundingRule, round_money
from exotherm.core.toml_lines import Path
from exotherm.plan.survey.rates import RATES, RATES_CHECKED_ON
from exotherm.site.document import Site
from exotherm.site.survey.document import RuleName, Survey

NOTHING = Decimal(0)
SURE = Decimal(1)
TRADE = f"estimate of the trade, list of {RATES_CHECKED_ON.isoformat()}; replace it by a quote"
"""the source of every unit rate, in the words of the report"""


class Kind(StrEnum):
    """What an item does to a project."""

    COST = "cost"
    """It costs, and is sure to."""
    DELAY = "delay"
    """It takes time, and mostly costs as well."""
    RISK = "risk"
    """It may come, or nobody knows."""
    STOP = "stop"
    """As it stands, this cannot be built."""


@dataclass(frozen=True, slots=True)
class Cost:
    """An amount in the site's currency: low, likely, high."""

    low: Decimal = NOTHING
    likely: Decimal = NOTHING
    high: Decimal = NOTHING

    def __add__(self, other: "Cost") -> "Cost":
        """Add two amounts end by end."""
        return Cost(self.low + other.low, self.likely + other.likely, self.high + other.high)

    def __bool__(self) -> bool:
        """Tell whether it may come to anything."""
        return self.high > 0

    @property
    def mean(self) -> Decimal:
        """The mean of the triangle between the three, which a long upper end pulls up."""
        return (self.low + self.likely + self.high) / 3


@dataclass(frozen=True, slots=True)
class Days:
    """A duration in calendar days: low, likely, high."""

    low: int = 0
    likely: int = 0
    high: int = 0

    def __bool__(self) -> bool:
        """Tell whether it may take any time."""
        return self.high > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that a survey found, or did not find out."""

    rule: RuleName
    what: str
    """what was found, as a sentence"""
    path: Path
    """where it stands in the survey file"""
    remedy: str
    cost: Cost = Cost()
    days: Days = Days()
    likelihood_frac: Decimal = SURE
    """how likely it comes; 1 is sure"""
    source: str
    """whose word cost, days and likelihood are"""
    is_open: bool = False
    """whether the survey does not know"""
    is_stop: bool = False
    after: str = "design"
    """phase of the usual programme that has to be over before its days begin"""
    before: str = "works"
    """phase that waits for its days"""
    needs_price: bool = False
    """whether it costs something that is not known in this currency"""

    @property
    def kind(self) -> Kind:
        """What it does to the project: the gravest that holds."""
        if self.is_stop:
            return Kind.STOP
        if self.likelihood_frac < 1:
            return Kind.RISK
        return Kind.DELAY if self.days else Kind.COST

    @property
    def expected(self) -> Decimal:
        """What it costs in the mean of many such projects."""
        return self.likelihood_frac * self.cost.mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A survey and its site, and the words and prices by which rules make items."""

    survey: Survey
    site: Site

    @property
    def needs_price(self) -> bool:
        """Whether unit rates are not known in the site's currency."""
        return self.site.site.currency not in PER_EUR

    @property
    def per_eur(self) -> Decimal:
        """What a euro is worth in the site's currency, roughly; nought where that is not known."""
        return Decimal(str(PER_EUR.get(self.site.site.currency, 0.0)))

    def cost(self, *parts: tuple[str, float]) -> Cost:
        """Price quantities of unit rates in the site's currency; nought where it has none."""
        total = Cost()
        for name, quantity in parts:
            rate, many = RATES[name], self.per_eur * Decimal(str(quantity))
            total += Cost(rate.low * many, rate.likely * many, rate.high * many)
        return self.rounded(total)

    def rounded(self, cost: Cost) -> Cost:
        """Round an amount to the currency's coin."""
        return Cost(*(self._rounded(one) for one in (cost.low, cost.likely, cost.high)))

    def _rounded(self, amount: Decimal) -> Decimal:
        return round_money(amount, rule=RoundingRule.HALF_UP, currency=self.site.site.currency)

    def found(
        self,
        rule: RuleName,
        *path: str | int,
        what: str,
        remedy: str,
        price: tuple[tuple[str, float], ...] = (),
        days: Days = Days(),
        likelihood: str = "1",
        because: str = "",
        is_open: bool = False,
        is_stop: bool = False,
        after: str = "design",
        before: str = "works",
    ) -> Item:
        """Make an item of what was found; ``because`` is the source of the rule itself."""
        cost = self.cost(*price)
        sources = [one for one in (because, TRADE if price or days else "") if one]
        return Item(
            rule=rule,
            what=what,
            path=path,
            remedy=remedy,
            cost=cost,
            days=days,
            likelihood_frac=Decimal(likelihood),
            source="; ".join(sources) or "the survey itself",
            is_open=is_open,
            is_stop=is_stop,
            after=after,
            before=before,
            needs_price=bool(price) and self.needs_price,
        )

    def unknown(
        self,
        rule: RuleName,
        *path: str | int,
        what: str,
        risks: str,
        find_out: str,
        price: tuple[tuple[str, float], ...] = (),
        days: Days = Days(),
        likelihood: str,
        because: str = "",
        after: str = "design",
        before: str = "works",
    ) -> Item:
        """Make an item of what nobody knows: what it risks, and how to find out."""
        return self.found(
            rule,
            *path,
            what=f"{what} is not known, which risks {risks}.",
            remedy=find_out,
            price=price,
            days=days,
            likelihood=likelihood,
            because=because,
            is_open=True,
            after=after,
            before=before,
        )


def settled(items: Iterable[Item], case: Case) -> tuple[Item, ...]:
    """Give the items with what the site file has priced, and with quotes in place of rates.

    A quote is for all items of its rule together: the first carries it, the others nothing.
    """
    quotes = {quote.rule: quote for quote in case.survey.quotes}
    carried, done = set[RuleName](), []
    for item in items:
        quote = quotes.get(item.rule)
        if item.rule in case.survey.survey.priced and not item.is_stop:
            words = "in the investment of the site file"
            done.append(replace(item, cost=Cost(), source=words, needs_price=False))
        elif quote is not None and not item.is_stop:
            first = item.rule not in carried
            carried.add(item.rule)
            assert quote.amount_min is not None
            assert quote.amount_max is not None
            offered = Cost(quote.amount_min, quote.amount, quote.amount_max)
            cost = case.rounded(offered) if first else Cost()
            done.append(replace(item, cost=cost, source=quote.source, needs_price=False))
        else:
            done.append(item)
    return tuple(done)
