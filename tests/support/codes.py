"""The codes of findings that the program can give, as they stand in its source."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "exotherm"
ROOMS = {
    "document": "Any TOML file, before anybody asks what it means.",
    "workspace": "The folder and its files.",
    "csv": "Any CSV file, before anybody asks what it means.",
    "site": "`site.toml`, checked against physics and what is usual.",
    "survey": "`survey.toml`, what a visit found and what it leaves open.",
    "weather": "The weather file.",
    "demand": "The file of how much heat a customer used.",
    "utilisation": "The file of how busy the servers are.",
    "contract": "`contract.toml`, checked against itself and its site.",
    "regulation": "`regulation.toml`, what a person tells of duties, against what the files tell.",
    "signoff": "`signoff.toml`, the signatures before capex.",
    "profile": "What a profile says of a device and its registers.",
    "drop": "Files of readings that somebody drops into a folder.",
    "records": "What people write down beside the meters: interruptions, values of indices.",
    "capture": "Captured bytes of a meter bus, in a file.",
    "probe": "What devices say to somebody who asks them for the first time.",
    "meter": "What meters answer, and the way of a register through a month.",
    "store": "The database of a workspace, when it is verified.",
    "plan": "The simulated year of a study.",
    "leads": "`leads.csv`, prospects that are to be ranked.",
    "network": "`network.toml`, a heat network of several buildings and sources.",
    "dispatch": "The files of an exact dispatch: its series and its parameters.",
    "bill": "Closing a month.",
    "prove": "The evidence of a month.",
}
"""What findings are about, by the word before the dot, in the order of the business."""

_CODE = re.compile(r"[a-z]+\.[a-z]+[0-9]*(?:-[a-z0-9]+)*")
_FILE = re.compile(r".*\.(?:css|csv|db|html|json|key|pdf|py|svg|toml|txt|typ|xml|zip)")
_MAKERS = {"error", "warning", "note"}


@cache
def codes_of_source(folder: Path = SOURCE) -> frozenset[str]:
    """List every code that stands in the source: given to a finding, or of a known room."""
    return frozenset(
        code
        for path in sorted(folder.rglob("*.py"))
        for code in codes_of(path.read_text(encoding="utf-8"))
    )


def codes_of(text: str) -> Iterator[str]:
    """Give the codes in a Python text; one may come several times."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            yield from _given(node)
        elif isinstance(node, ast.Constant) and _is_code(node.value):
            room = str(node.value).partition(".")[0]
            if room in ROOMS and not _FILE.fullmatch(str(node.value)):
                yield str(node.value)


def _given(call: ast.Call) -> Iterator[str]:
    """Give what a call passes as a code: by name, or first to what makes a finding."""
    given = [keyword.value for keyword in call.keywords if keyword.arg == "code"]
    if isinstance(call.func, ast.Attribute) and call.func.attr in _MAKERS:
        given += call.args[:1]
    for value in given:
        if isinstance(value, ast.Constant) and _is_code(value.value):
            yield str(value.value)


def _is_code(value: object) -> bool:
    return isinstance(value, str) and _CODE.fullmatch(value) is not None
