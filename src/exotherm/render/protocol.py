"""The protocol of measurement and verification, from the contract's own clauses and the meters."""

from exotherm.contract.explain import explain
from exotherm.contract.terms import Contract
from exotherm.core.units import format_quantity
from exotherm.site.document import Site

_CLAUSES = ("MET-", "HEAT-1", "HEAT-2", "HEAT-7", "BND-1")


def render_protocol(site: Site, contract: Contract) -> str:
    """Write the protocol as Markdown, to be agreed on and signed before anything is built.

    Option B of the IPMVP, retrofit isolation with all that matters measured: the service is one
    pipe with one meter, so what it saves need not be found in the bills of a whole building.
    """
    clauses = [one for one in explain(contract) if one.number.startswith(_CLAUSES)]
    interval = format_quantity("interval_min", site.metering.interval_min)
    efficiency = format_quantity("efficiency_frac", site.boiler.efficiency_frac)
    known, model = (
        format_quantity("share_frac", share, decimals=0)
        for share in (site.carbon.boiler_uncertainty_frac, site.carbon.baseline_uncertainty_frac)
    )
    meters = "\n".join(
        f"| {meter.name} | {meter.protocol} | {meter.profile} | to be entered |"
        for meter in site.meters
    )
    said = "\n".join(f"- **{one.number}** {one.text}" for one in clauses)
    return f"""# Measurement and verification

For a site like {site.site.name}. Agreed on before anything is built; signed by office, below.

## Boundary and option

IPMVP option B, retrofit isolation: heat at the delivery point, electricity that is there only to
deliver it, and the fuel of the customer's own plant are all measured. What the building does
otherwise is outside the boundary, so no weather correction is needed for delivered heat.

## Meters

| meter | protocol | profile | number |
| --- | --- | --- | --- |
{meters or "| none stated yet | | | |"}

Read every {interval}. The register is billed and claimed; samples only explain it. Each scale is
proved by a second path before the first bill: `exotherm operate commission`.

## Baseline

What the customer's own plant would have burnt: delivered heat that displaced it, over its
efficiency of {efficiency}, known to {known}. Measure that efficiency, fuel against heat, over a
heating season before the service begins, and the fuel of a whole year: neither can be found
afterwards. The model of demand may be wrong by {model}, which is taken off every claim.

## Adjustments

Heat is claimed as measured. Where fuel of two years is compared instead, correct for degree days
(base 15.5 °C), opening hours, and bathers or beds; where the servers' load differs, the delivered
register says so by itself.

## When a month does not count

A month is claimed only where the evidence pack verifies: `exotherm verify`. Missing edges of
registers, a meter past its verification, a broken chain of readings or a balance that does not
close make it a month without a claim, not one with an estimate.

## What the contract says of it

{said}

## Signed

| office | name | day |
| --- | --- | --- |
| operator, metering | | |
| customer, technical management | | |
| whoever verifies, independent of both | | |
"""
