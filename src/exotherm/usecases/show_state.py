"""How a site's service stands, in a word and a sentence, judged by the bill's own function."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from exotherm.contract.measure import outdoor_point_of
from exotherm.contract.outcome import Judgement, Outcome, Situation, outcome
from exotherm.contract.terms import Contract
from exotherm.core.period import Period
from exotherm.core.samples import Point, Quality, Sample
from exotherm.site.document import Site, points_of

Tone = Literal["good", "watch", "bad", "idle"]

_MISSED = 2
"""Readings in a row that may be missed before a meter is called silent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How the service stands: a word, a look that goes with it, and a sentence."""

    word: str
    tone: Tone
    text: str

    def to_json(self) -> dict[str, object]:
        """Give the state as plain values."""
        return {"word": self.word, "tone": self.tone, "text": self.text}


def state_of(
    site: Site | None, contract: Contract | None, last: Mapping[str, Sample], *, now: datetime
) -> State:
    """Tell how the service stands by the last sample of each point."""
    if site is None or contract is None:
        return State(
            word="Not ready",
            tone="idle",
            text="The files of this workspace have errors; they are listed below.",
        )
    meter = contract.delivered_heat.point.partition(".")[0]
    heard = [sample for name, sample in last.items() if name.startswith(f"{meter}.")]
    if not heard:
        return State(word="No readings yet", tone="idle", text="The heat meter was not read yet.")
    at = max(sample.source_at for sample in heard)
    if now - at > silent_after(site):
        return State(
            word="No readings",
            tone="bad",
            text="The heat meter is silent. Its register goes on counting, so no heat is lost for "
            "the bill; availability counts only what is read.",
        )
    return _in_words(*_judge(contract, points_of(site), last, at))


def silent_after(site: Site) -> timedelta:
    """Give how old a reading may be before its meter is called silent."""
    return _MISSED * timedelta(minutes=site.metering.interval_min)


def good_value(points: Mapping[str, Point], last: Mapping[str, Sample], name: str) -> float | None:
    """Give the value of a point's last sample, or None where there is none of good quality."""
    sample = last.get(name)
    if sample is None or sample.quality is not Quality.GOOD or name not in points:
        return None
    return float(points[name].value_of(sample.count))


def _judge(
    contract: Contract, points: Mapping[str, Point], last: Mapping[str, Sample], at: datetime
) -> tuple[Judgement, bool]:
    """Judge the interval that ends with the last reading; also tell whether heat is called for."""
    terms = contract.delivered_heat
    flow = good_value(points, last, terms.flow_point)
    heat = good_value(points, last, f"{terms.point.partition('.')[0]}.heat_kw")
    situation = Situation(
        interval=Period(at - timedelta(minutes=contract.availability.interval_min), at),
        called=None if flow is None else flow > 0,
        heated=None if heat is None else heat > 0,
        supply_c=good_value(points, last, terms.supply_point),
        heat_kw=heat,
        flow_m3h=flow,
        return_c=good_value(points, last, f"{terms.point.partition('.')[0]}.return_c"),
        outdoor_c=good_value(points, last, outdoor_point_of(contract) or ""),
    )
    return outcome(contract, situation), bool(situation.called)


_WORDS: dict[Outcome, tuple[str, Tone]] = {
    Outcome.REDUCED: ("Reduced", "watch"),
    Outcome.UNPAID: ("Too cool", "bad"),
    Outcome.FAILED: ("Fault", "bad"),
    Outcome.EXCUSED: ("Excused", "watch"),
    Outcome.NOT_MEASURED: ("Not measured", "watch"),
    Outcome.NO_OBLIGATION: ("No obligation", "good"),
}


def _in_words(judged: Judgement, called: bool) -> State:  # noqa: FBT001 - the other half of _judge
    if judged.outcome is Outcome.DELIVERED and called:
        return State(word="Delivering", tone="good", text="Heat flows as promised.")
    if judged.outcome is Outcome.DELIVERED:
        return State(
            word="Standing by", tone="good", text="No heat is called for; it stands ready."
        )
    word, tone = _WORDS[judged.outcome]
    reason = judged.reason[:1].upper() + judged.reason[1:]
    return State(word=word, tone=tone, text=f"{reason} (clause {judged.clause}).")
