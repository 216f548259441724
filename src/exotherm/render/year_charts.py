"""The pictures of a planned year: where its heat goes, and from where it comes in each month."""

from collections.abc import Sequence

from markupsafe import Markup

from exotherm.core.period import months_of
from exotherm.core.sentences import listed
from exotherm.core.units import NO_BREAK_SPACE, format_number, format_quantity
from exotherm.plan.study import StudyResult
from exotherm.plan.year import Year
from exotherm.plant.simulate import Simulation
from exotherm.render.charts import Part, render_columns, render_flow
from exotherm.render.figure import Series, Words
from exotherm.render.site_words import CustomerWords, capital
from exotherm.render.svg import Tone
from exotherm.render.year_sums import SEEN_KWH, SOURCE, Sources, sources_of
from exotherm.site.document import Site

_NOUGHT_KWH = 1e-6
"""What is left of nought by rounding; less than a balance of the year may be off."""


def _kwh(value: float) -> str:
    return format_quantity("heat_kwh", value)


def _frac(value: float) -> str:
    return format_quantity("share_frac", value)


# --- Where the heat goes


def render_year_flow(study: StudyResult, site: Site, words: CustomerWords) -> Markup:
    """Draw where the electricity of servers and heat pump comes out as heat."""
    year = study.year.with_heat
    stored_kwh = year.energy_kwh("buffer_stored_kw")
    inflows, outflows = _inflows(year), _outflows(year, site, words)
    kept = Part(label="Buffer, end less start", tone=Tone.UNKNOWN, value=abs(stored_kwh))
    (outflows if stored_kwh >= 0 else inflows).append(kept)
    drawn_kwh = sum(part.value for part in inflows if part is not kept)
    share = study.heat_delivered_kwh / drawn_kwh if drawn_kwh else 0.0
    said = Words(
        name="flow",
        title=f"{_frac(share)} of what {_drawing(year)} arrives as heat at {words.who}.",
        summary=f"Of {_kwh(drawn_kwh)} of electricity, {_kwh(study.heat_delivered_kwh)} are "
        f"delivered, {_kwh(study.rejected_kwh)} rejected; the rest is lost or stays in the buffer. "
        "Both sides are equal.",
        source=SOURCE,
    )
    return render_flow(said, inflows=inflows, outflows=outflows, unit="kWh")


def _drawing(year: Simulation) -> str:
    """Name what draws the electricity that becomes heat, with its verb."""
    seen_kwh = 0.001 * year.energy_kwh("it_kw")
    more = (("their fans", "capture_fan_kw"), ("the heat pump", "heat_pump_power_kw"))
    names = ["the servers", *(name for name, flow in more if year.energy_kwh(flow) > seen_kwh)]
    return f"{listed(names)} draw"


def _inflows(year: Simulation) -> list[Part]:
    def electricity(of: str, tone: Tone, flow: str) -> Part:
        return Part(label=f"Electricity of {of}", tone=tone, value=year.energy_kwh(flow))

    more = (
        electricity("their fans", Tone.BOILER, "capture_fan_kw"),
        electricity("the heat pump", Tone.PUMPED, "heat_pump_power_kw"),
    )
    servers = electricity("the servers", Tone.PLAIN, "it_kw")
    return [servers, *(part for part in more if part.value > 0.0)]


def _outflows(year: Simulation, site: Site, words: CustomerWords) -> list[Part]:
    """List where the heat goes; what only some plants have is left out where it is nought."""
    sums = year.energy_kwh
    chilled_kwh = sums("chiller_kw") * (site.rejection.chiller_eer or 0.0)
    rejected_kwh, pump_lost_kwh = sums("rejected_kw") - chilled_kwh, sums("heat_pump_loss_kw")
    lost = "Lost from buffer and heat pump" if pump_lost_kwh else "Lost from the buffer"
    more = (
        Part(label="Taken by the chiller", tone=Tone.CHILLED, value=chilled_kwh),
        Part(label="Not captured, warms the room", tone=Tone.LOST, value=sums("uncaptured_kw")),
    )
    return [
        *_delivered(year, words),
        Part(label="Rejected outdoors", tone=Tone.REJECTED, value=rejected_kwh),
        *(part for part in more if part.value > _NOUGHT_KWH),
        Part(label=lost, tone=Tone.COST, value=sums("buffer_loss_kw") + pump_lost_kwh),
    ]


def _delivered(year: Simulation, words: CustomerWords) -> list[Part]:
    """Give what is delivered: to the pool's water and beside it, where there are both."""
    delivered_kwh = year.energy_kwh("delivered_kw")
    pool_kwh = year.energy_kwh("pool_delivered_kw")
    if min(pool_kwh, delivered_kwh - pool_kwh) < SEEN_KWH:
        label = f"Delivered to {words.who}"
        return [Part(label=label, tone=Tone.RECOVERED, value=delivered_kwh)]
    beside = "Delivered to the others" if words.many else "Delivered to the pool's air"
    return [
        Part(label="Delivered to the pool's water", tone=Tone.RECOVERED, value=pool_kwh),
        Part(label=beside, tone=Tone.GAIN, value=delivered_kwh - pool_kwh),
    ]


# --- Months


def render_months(year: Year, site: Site, words: CustomerWords) -> Markup:
    """Draw the sources of each month's heat, one upon the other."""
    periods = tuple(months_of(year.period, site.zone))
    months = tuple(sources_of(year.with_heat, period) for period in periods)
    series = _month_series(months, site, words)
    recovered, own = sum(one.recovered for one in months), sum(one.own for one in months)
    pumped = any(one.label == _PUMPED for one in series) and site.exchanger is not None
    said = Words(
        name="months",
        title=_months_title(months, words),
        summary=f"Twelve stacked columns. Recovered heat and {words.own} heat of each month; "
        f"recovered heat is {_kwh(recovered)} in the year, {words.own} heat {_kwh(own)}.",
        source=f"{SOURCE}; delivered heat is shared as the buffer was charged in the month"
        if pumped
        else SOURCE,
        axis=f"Heat to {words.who}, kWh a month",
    )
    labels = [f"{period.start.astimezone(site.zone):%b}" for period in periods]
    return render_columns(said, labels=labels, series=series, unit="kWh")


_PUMPED = "Through the heat pump"


def _month_series(
    months: Sequence[Sources], site: Site, words: CustomerWords
) -> tuple[Series, ...]:
    """Give the sources that the site has; both recovered ones where it has both."""
    direct, pumped, own, unmet = zip(*months, strict=True)
    direct_label = "Through the exchanger" if sum(pumped) else "Recovered from the servers"
    own_label = f"{capital(words.whose)} own {words.own}"
    every = (
        (
            Series(label=direct_label, tone=Tone.RECOVERED, values=direct),
            site.exchanger is not None,
        ),
        (Series(label=_PUMPED, tone=Tone.PUMPED, values=pumped), sum(pumped) >= SEEN_KWH),
        (Series(label=own_label, tone=Tone.BOILER, values=own), True),
        (Series(label="Given by nobody", tone=Tone.COST, values=unmet), sum(unmet) >= SEEN_KWH),
    )
    return tuple(one for one, is_there in every if is_there)


def _months_title(months: Sequence[Sources], words: CustomerWords) -> str:
    shares = [one.recovered_frac for one in months if sum(one)] or [0.0]
    least, most = (format_number(100 * edge(shares), 0) for edge in (min, max))
    span = least if least == most else f"{least}{NO_BREAK_SPACE}to{NO_BREAK_SPACE}{most}"
    rest = "" if min(shares) > 0.9995 else f"; {words.the_own} does the rest"
    unmet = sum(one.unmet for one in months)
    short = f" but for {_kwh(unmet)} that nobody gives" if unmet >= SEEN_KWH else ""
    return f"Recovered heat covers {span}{NO_BREAK_SPACE}% of the heat of every month{rest}{short}."
