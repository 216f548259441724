"""Sites of every kind, from the example: other captures, ways of the heat and customers."""

from typing import Any

from hypothesis import strategies as st

from exotherm.site.document import Site

WATER = {"flow_kgs": 3.0, "pump_kw": 0.5}
CAPTURES: dict[str, dict[str, Any]] = {
    "immersion": {"kind": "immersion", "flow_kgs": 5.0, "pump_kw": 0.4},
    "cold plates": {"kind": "cold plates", **WATER},
    "passive rear door": {"kind": "passive rear door", "ua_kw_per_k": 8.0, **WATER},
    "active rear door": {"kind": "active rear door", "ua_kw_per_k": 12.0, **WATER},
    "hall cooler": {"kind": "hall cooler", "ua_kw_per_k": 12.0, **WATER},
}
HEAT_PUMP = {"heat_kw_rated": 60.0, "refrigerant": "R1234ze", "runs": "always"}
SCHOOL = {"name": "School", "kind": "school", "floor_m2": 3000.0}
CARE_HOME = {
    "name": "Care home",
    "kind": "care home",
    "floor_m2": 2000.0,
    "emitter": {"supply_c_design": 35.0, "return_c_design": 28.0, "exponent": 1.1},
}
NETWORK = {"feed": "supply", "heat_kwh": 900_000.0, "consumers": 40}


def site_like(example: Site, **tables: Any) -> Site:
    """Give the example with other tables; None leaves one out, the rest stays."""
    raw = example.model_dump(exclude_unset=True)
    raw.update(tables)
    return Site.model_validate({name: value for name, value in raw.items() if value is not None})


def building_site(example: Site, *buildings: dict[str, Any], **tables: Any) -> Site:
    """Give the example with buildings for its pool and a store and loop that serve them."""
    rest = {
        "pool": None,
        "buildings": buildings,
        "buffer": {"volume_m3": 5.0},
        "delivery": {"flow_kgs": 3.0, "pump_kw": 0.3},
        "rejection": {"heat_kw_rated": 80.0, "lift_k_rated": 15.0, "fan_kw_rated": 1.5},
    }
    return site_like(example, **{**rest, **tables})


@st.composite
def any_tables(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the tables of a site: a capture, ways of the heat, customers, store, loop, cooler."""

    def number(low: float, high: float) -> float:
        return draw(st.floats(low, high))

    exchanger = {"ua_kw_per_k": number(0.5, 30.0), "flow_kgs": number(0.2, 4.0)}
    pump = HEAT_PUMP | {
        "heat_kw_rated": number(5.0, 300.0),
        "refrigerant": draw(st.sampled_from(["R290", "R717", "R1234ze", "R744"])),
        "runs": draw(st.sampled_from(["always", "when it pays"])),
        "zone_frac": number(0.1, 1.0),
        "load_frac_min": number(0.1, 1.0),
    }
    ways = draw(st.sampled_from(["direct", "pumped", "both"]))
    network = NETWORK | {
        "feed": draw(st.sampled_from(["supply", "return"])),
        "generation": draw(st.sampled_from(["third", "fourth"])),
        "heat_kwh": number(1e4, 3e6),
    }
    customers = draw(
        st.sampled_from(["pool", "school", "care home", "both", "network", "pool and school"])
    )
    chiller = draw(st.sampled_from([None, 4.0]))
    buildings = {
        "school": (SCHOOL,),
        "care home": (CARE_HOME,),
        "both": (SCHOOL, CARE_HOME),
        "pool and school": (SCHOOL,),
    }
    tables: dict[str, Any] = {
        "capture": draw(st.sampled_from(list(CAPTURES.values()))),
        "exchanger": None if ways == "pumped" else exchanger,
        "heat_pump": None if ways == "direct" else pump,
        "buffer": {
            "volume_m3": number(0.5, 60.0),
            "layers": draw(st.integers(1, 15)),
            "loss_w_per_k": draw(st.sampled_from([0.0, 4.0, 60.0])),
        },
        "delivery": {
            "flow_kgs": number(0.1, 6.0),
            "pump_kw": 0.3,
            "exchanger": {"ua_kw_per_k": number(0.5, 20.0), "flow_kgs": number(0.5, 6.0)},
        },
        "rejection": {
            "kind": draw(st.sampled_from(["dry", "adiabatic", "open wet"])),
            "heat_kw_rated": number(5.0, 200.0),
            "fan_kw_rated": 1.0,
            **({"chiller_eer": chiller} if chiller else {}),
        },
        "buildings": buildings.get(customers, ()),
        "network": network if customers == "network" else None,
    }
    if "pool" not in customers:
        tables["pool"] = None
    return tables
