"""A Redfish service simulated from a profile: a tree of files in the form of DMTF's mockups."""

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from exotherm.devices.profile import RedfishProfile

ROOT = "/redfish/v1"


def tree_of(
    profile: RedfishProfile,
    values: Mapping[str, Decimal | None],
    *,
    member: str = "1",
    serial: str = "SIM-1",
    way: int = 0,
) -> dict[str, dict[str, Any]]:
    """Give the resources of a service by their path.

    ``way`` says which of several places a value stands at, so that an older service with other
    resources can be simulated; the last one is taken where a value has fewer. A value of None is
    null.
    """
    home = f"{profile.collection}/{member}"
    tree: dict[str, dict[str, Any]] = {
        ROOT: {
            "@odata.id": ROOT,
            "RedfishVersion": "1.17.0",
            "Vendor": "Simulated",
            "Product": profile.title,
        },
        profile.collection: {
            "@odata.id": profile.collection,
            "Members@odata.count": 1,
            "Members": [{"@odata.id": home}],
        },
        home: {
            "@odata.id": home,
            "Id": member,
            "Manufacturer": "Simulated",
            "Model": profile.models[0],
            "SerialNumber": serial,
        },
    }
    for value in profile.values:
        path = value.paths[min(way, len(value.paths) - 1)]
        steps, _, pointer = path.partition("#")
        here = home
        for step in steps.split("/"):
            below = f"{here}/{step}"
            tree[here].setdefault(step, {"@odata.id": below})
            tree.setdefault(below, {"@odata.id": below, "Id": step, "Name": step})
            here = below
        shown = values[value.quantity]
        number = None if shown is None else float(value.number_of(shown))
        _put(tree[here], pointer.split("/")[1:], number)
    return tree


def write_tree(folder: Path, tree: Mapping[str, Mapping[str, Any]]) -> None:
    """Write a service as files: each resource is the index.json of a folder of its path."""
    for path, resource in tree.items():
        place = folder / path.lstrip("/")
        place.mkdir(parents=True, exist_ok=True)
        (place / "index.json").write_text(json.dumps(resource, indent=1), encoding="utf-8")


def _put(resource: dict[str, Any], steps: list[str], number: float | None) -> None:
    """Put a number at a JSON pointer, with the objects and the lists of one on the way."""
    here: Any = resource
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        below: Any = number if following is None else [] if following.isdigit() else {}
        if isinstance(here, list):
            assert step == "0", "a simulated list has one entry"
            if not here:
                here.append(below)
            here = here[0]
        else:
            here = here.setdefault(step, below)
