"""The study of a heat network: its file and what it names, read, checked and worked out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from exotherm.contract.reading import read_contract
from exotherm.contract.terms import Contract
from exotherm.core.documents import Source, read_document
from exotherm.core.findings import Finding, has_errors
from exotherm.feeds.load_profiles import load_profile
from exotherm.feeds.utilisation import read_utilisation
from exotherm.plan.heat_network import NetworkYear
from exotherm.plan.heat_network_findings import findings_of_network
from exotherm.plan.heat_network_money import Rated, contract_by, prices_by, rate_heat
from exotherm.plan.heat_network_study import NetworkStudy, study_network
from exotherm.plant.heat_network.laid import Laid, NetworkInputs, lay_network
from exotherm.render.network_page import render_network
from exotherm.site.check_heat_network import check_heat_network
from exotherm.site.heat_network import DataCentre, HeatNetwork, WeatherTariff
from exotherm.site.profiles import PROFILE_BY_KIND
from exotherm.site.series import Utilisation
from exotherm.usecases.dispatch import write_table
from exotherm.usecases.files import WorkspaceFiles
from exotherm.usecases.reports import write_page
from exotherm.usecases.weather import weather_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Networked:
    """What came of a network's file: its study where nothing blocks, and all findings."""

    network: HeatNetwork | None
    study: NetworkStudy | None
    findings: tuple[Finding, ...]


def study_network_file(
    path: Path, *, on_stage: Callable[[str], None] = lambda _: None
) -> Networked:
    """Read a network's file and all it names from its folder, and study its year."""
    files = WorkspaceFiles(path.parent)
    text = files.text(path.name)
    if text is None:
        return Networked(network=None, study=None, findings=tuple(files.findings))
    read = read_document(text, HeatNetwork, file=path.name)
    network, findings = read.document, [*read.findings]
    if network is None:
        return Networked(network=None, study=None, findings=tuple(findings))
    findings += check_heat_network(network, text=text, file=path.name)
    inputs = _inputs(network, files, text=text, file=path.name)
    contracts = _contracts(network, files)
    findings += files.findings
    if inputs is None or has_errors(findings):
        return Networked(network=network, study=None, findings=tuple(findings))
    laid = lay_network(network, inputs)
    on_stage("flows and dispatch")
    study = study_network(_with_prices(laid, contracts))
    on_stage("contracts")
    findings += findings_of_network(study, Source(file=path.name, text=text))
    study = replace(study, rated=_rated(study, contracts), findings=tuple(findings))
    return Networked(network=network, study=study, findings=tuple(findings))


def write_network(study: NetworkStudy, path: Path, *, made_at: datetime) -> Path:
    """Write a network's study as one file, HTML or PDF by its name. See ``write_page``."""
    network = study.year.laid.network
    foot = f"{network.network.name}, heat network: study of {network.study.year}"
    return write_page(render_network(study, made_at=made_at), path, made_at=made_at, foot=foot)


def network_json(done: Networked) -> dict[str, object]:
    """Give what came of it as plain values."""
    study = done.study
    if study is None or done.network is None:
        return {"network": None}
    year = study.year
    return {
        "network": done.network.network.name,
        "currency": done.network.network.currency,
        "heat_taken_kwh": float(year.laid.demand.heat_kw.sum()),
        "pipe_loss_kwh": float(year.flows.loss_kw.sum()),
        "pump_power_kwh": float(year.pumping.power_kw.sum()),
        "pump_cost": year.pump_cost,
        "cost": year.routed.cost,
        "cost_min": year.routed.cost_min,
        "gap_frac": year.routed.gap_frac,
        "unmet_kwh": float(year.routed.unmet_kw.sum()),
        "spilled_kwh": float(year.spilled_kw.sum()),
        "balance_error_kw": year.balance_error_kw,
        "flows_missed_kw": float(year.flows.missed_kw.max()),
        "price_per_kwh_mean": float(year.routed.heat_price_per_kwh.mean()),
        "store_price_h": study.store_price_h,
        "saved_per_m3": study.saved_per_m3,
        "sources": [asdict(one) for one in study.sources],
        "feeds": [asdict(one) for one in study.feeds],
        "pipes": [
            {
                "from_node": done.network.pipes[one.number].from_node,
                "to_node": done.network.pipes[one.number].to_node,
                **asdict(one),
            }
            for one in study.pipes
        ],
        "buildings": [asdict(one) for one in study.buildings],
        "stores": [asdict(one) for one in study.stores],
        "rated": [_rated_json(one) for one in study.rated],
    }


def _rated_json(rated: Rated) -> dict[str, object]:
    return {
        "who": rated.who,
        "tariff": rated.tariff,
        "heat_kwh": rated.heat_kwh,
        "amount": str(rated.amount),
        "price_per_kwh_mean": rated.mean_per_kwh,
        "own_cost": rated.own_cost,
        "below_cost_h": rated.below_cost_h,
        "lines": [
            {"text": text, "heat_kwh": str(heat), "amount": str(amount)}
            for text, heat, amount in rated.lines
        ],
    }


def write_hours(done: Networked, path: Path, *, inputs: tuple[Path, ...]) -> None:
    """Write every hour of the year as CSV: what is taken and lost, who gives, what heat is worth.

    Instants are the hours' beginnings in UTC; the store's content is that at their end.
    """
    assert done.study is not None
    year = done.study.year
    names = [one.name for one in year.laid.sources]
    columns = (
        "starts_at", "outdoor_c", "supply_c", "return_c", "taken_kw", "loss_kw", "pump_power_kw",
        *(f"{name}: heat_kw" for name in names),
        "unmet_kw", "content_kwh", "heat_price_per_kwh", "price_set_by",
    )  # fmt: skip
    write_table(path, columns, _hours(year, names), inputs=inputs)


def _hours(year: NetworkYear, names: list[str]) -> Iterator[list[str]]:
    laid, routed = year.laid, year.routed
    said = [*names, "nobody", "the store"]  # STORE is the last of all
    values = np.column_stack(
        [
            laid.year.outdoor_c,
            laid.supply_c,
            year.flows.return_c[:, 0],
            laid.demand.heat_kw.sum(axis=1),
            year.flows.loss_kw.sum(axis=1),
            year.pumping.power_kw,
            routed.heat_kw,
            routed.unmet_kw,
            routed.content_kwh,
            routed.heat_price_per_kwh,
        ]
    )
    for number, row in enumerate(values):
        starts_at = laid.year.period.start + number * timedelta(hours=1)
        written = [repr(round(float(one), 6) + 0.0) for one in row]
        yield [f"{starts_at:%Y-%m-%dT%H:%MZ}", *written, said[routed.marginal[number]]]


# --- What the file names


def _inputs(
    network: HeatNetwork, files: WorkspaceFiles, *, text: str, file: str
) -> NetworkInputs | None:
    weather, found = weather_from(network.weather, files.text, text=text, file=file)
    files.findings.extend(found)
    utilisations: dict[str, Utilisation] = {}
    for centre in network.data_centres:
        trace = _utilisation(centre, files, network.zone)
        if trace is not None and centre.utilisation_file is not None:
            utilisations[centre.utilisation_file] = trace
    profiles = {PROFILE_BY_KIND[one.kind] for one in network.buildings if one.method == "profile"}
    if weather is None or has_errors(files.findings):
        return None
    return NetworkInputs(
        weather=weather,
        utilisations=utilisations,
        load_profiles={name: load_profile(name) for name in sorted(profiles)},
    )


def _utilisation(centre: DataCentre, files: WorkspaceFiles, zone: ZoneInfo) -> Utilisation | None:
    if centre.utilisation_file is None:
        return None
    text = files.text(centre.utilisation_file)
    if text is None:
        return None
    utilisation, found = read_utilisation(
        text,
        file=centre.utilisation_file,
        column=centre.utilisation_column,
        in_percent=False,
        zone=zone,
    )
    files.findings.extend(found)
    return utilisation


def _contracts(network: HeatNetwork, files: WorkspaceFiles) -> Mapping[str, Contract]:
    """Read the contract of each tariff that is used, by the tariff's name."""
    used = {centre.tariff for centre in network.data_centres} | {network.prices.customers_tariff}
    contracts: dict[str, Contract] = {}
    for tariff in network.tariffs:
        text = files.text(tariff.contract) if tariff.name in used else None
        if text is None:
            continue
        read = read_contract(text, file=tariff.contract)
        files.findings.extend(read.findings)
        if read.document is not None:
            contracts[tariff.name] = read.document
    return contracts


# --- Money


def _tariff(network: HeatNetwork, name: str) -> WeatherTariff:
    return next(tariff for tariff in network.tariffs if tariff.name == name)


def _with_prices(laid: Laid, contracts: Mapping[str, Contract]) -> Laid:
    """Let data centres count with what they are paid, where the file says so."""
    network = laid.network
    if network.prices.routed_by == "cost":
        return laid
    return replace(
        laid,
        paid_per_kwh={
            centre.name: prices_by(_tariff(network, centre.tariff), contracts[centre.tariff], laid)
            for centre in network.data_centres
            if centre.tariff is not None
        },
    )


def _rated(study: NetworkStudy, contracts: Mapping[str, Contract]) -> tuple[Rated, ...]:
    """Rate what data centres are paid, and what all buildings together pay."""
    laid, year = study.year.laid, study.year
    network = laid.network
    rated: list[Rated] = []
    for number, centre in enumerate(network.data_centres):
        if centre.tariff is None:
            continue
        tariff = _tariff(network, centre.tariff)
        offer, heat_kw = year.offers[number], year.routed.heat_kw[:, number]
        price = prices_by(tariff, contracts[tariff.name], laid)
        below = (heat_kw > 0.0) & (price < offer.cost_per_kwh)
        paid = rate_heat(
            laid,
            contract_by(tariff, contracts[tariff.name]),
            who=centre.name,
            tariff=tariff.name,
            heat_kw=heat_kw,
            supply_c=offer.asked_c,
            return_c=year.water.return_c[:, laid.pipes.at(centre.node)],
        )
        rated.append(
            replace(
                paid,
                own_cost=float((heat_kw * offer.cost_per_kwh).sum()),
                below_cost_h=float(below.sum()),
            )
        )
    if network.prices.customers_tariff is not None:
        tariff = _tariff(network, network.prices.customers_tariff)
        nodes = [laid.pipes.at(building.node) for building in network.buildings]
        rated.append(
            rate_heat(
                laid,
                contract_by(tariff, contracts[tariff.name]),
                who="all buildings",
                tariff=tariff.name,
                heat_kw=laid.demand.heat_kw.sum(axis=1),
                supply_c=year.flows.supply_c[:, nodes].min(axis=1),
                return_c=year.flows.return_c[:, 0],
            )
        )
    return tuple(rated)
