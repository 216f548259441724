"""Which clauses are needed by this contract at this site, and which of them are missing."""

from collections.abc import Callable, Iterator, Mapping

from exotherm.contract.case import Case, Check
from exotherm.contract.presets import suggestion_for
from exotherm.contract.terms import clauses_of
from exotherm.contract.terms.clause import Clause, Need, Weight
from exotherm.core.findings import Finding


def _clauses_are_there(case: Case) -> Iterator[Finding]:
    """Check that no clause of the catalogue is missing which this contract needs."""
    there = case.contract.clauses
    for table, clause in clauses_of().items():
        if table not in there and needs(case, clause):
            yield _missing(case, table, clause)


def needs(case: Case, clause: type[Clause]) -> bool:
    """Tell whether a contract at its site needs a clause.

    What the composition of the price names is told with the composition (``check_tariff``).
    """
    return _HOLDS[clause.needed](case)


def _missing(case: Case, table: str, clause: type[Clause]) -> Finding:
    where = "" if clause.needed is Need.ALWAYS else f", needed {clause.needed.value}"
    fields = ", ".join(f"`{name}`" for name in clause.model_fields)
    about = {
        "message": f"Clause {clause.number} ({clause.title}) is missing{where}: {clause.why}.",
        "remedy": f"Add a table `[{table}]` with {fields}.{_suggested(case, table)}",
        "clause": clause.number,
        "weight": clause.weight.value,
    }
    if clause.weight is Weight.BLOCKS:
        return case.source.error("contract.clause-missing", table, **about)
    if clause.weight is Weight.HIGH:
        return case.source.warning("contract.clause-open", table, **about)
    return case.source.note("contract.clause-left-out", table, **about)


def _suggested(case: Case, table: str) -> str:
    status = case.contract.regulatory_status
    words = suggestion_for(table, status.packs if status else ())
    return f" {words}" if words else ""


def _site_kinds(case: Case) -> set[str]:
    return {building.kind for building in case.site.buildings}


def _has_hot_water(case: Case) -> bool:
    return case.site.pool is not None or any(
        building.hot_water_l_per_m2_day > 0 for building in case.site.buildings
    )


def _is_class(case: Case, *classes: str) -> bool:
    status = case.contract.regulatory_status
    return status is not None and status.customer_class in classes


def _is_indexed(case: Case) -> bool:
    return "indexation" in case.contract.composition.order


_HOLDS: Mapping[Need, Callable[[Case], bool]] = {
    Need.ALWAYS: lambda _: True,
    Need.USED: lambda _: False,
    Need.INDEXED: _is_indexed,
    Need.METER_AWAY: lambda case: not case.contract.delivery_point.meter_at_boundary,
    Need.FALLBACK: lambda case: case.contract.fallback_plant.heat_kw > 0,
    Need.STORE: lambda case: case.site.buffer.volume_m3 > 0,
    Need.SEVERAL_BUYERS: lambda case: bool(case.contract.parties.other_buyers),
    Need.HOT_WATER_OR_POOL: _has_hot_water,
    Need.POOL_OR_SCHOOL: lambda case: case.site.pool is not None or "school" in _site_kinds(case),
    Need.CARE_OR_HOMES: lambda case: (
        bool(_site_kinds(case) & {"care home", "housing block"}) or _is_class(case, "domestic")
    ),
    Need.SEVERAL_UNITS: lambda case: "housing block" in _site_kinds(case),
    Need.HOMES: lambda case: _is_class(case, "domestic"),
    Need.PUBLIC: lambda case: _is_class(case, "public body"),
    Need.GERMANY: lambda case: case.contract.parties.customer.country == "DE",
}

NEED_CHECKS: tuple[Check, ...] = (_clauses_are_there,)
