"""The next site of a kind: the files of one that stands, with all that has to be found anew open.

What carries over is kept line by line, comments and order as they are. What belongs to the old site
alone is put behind ``# OPEN``, so that the check says exactly what is missing; no value of the old
site can be taken for the new one's by silence.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from exotherm.core.toml_lines import Path as Place
from exotherm.core.toml_lines import lines_of
from exotherm.render.protocol import render_protocol
from exotherm.usecases.files import write_whole
from exotherm.usecases.new import UnableToMakeWorkspace, examples_folder
from exotherm.usecases.workspace import Ready, load_workspace, ready

OPEN = "# OPEN "
"""what a line begins with whose value has to be found anew"""
_OF_SITE = (
    "site.name",
    "site.latitude_deg",
    "site.longitude_deg",
    "study.year",
    "weather.file",
    "weather.city",
    "weather.outdoor_c_design",
    "computing.utilisation_file",
    "computing.utilisation_column",
    "pool.area_m2",
    "pool.depth_m",
    "pool.bathers_per_day",
    "buildings.*.name",
    "buildings.*.floor_m2",
    "network.heat_kwh",
    "network.consumers",
    "network.trench_m",
    "measured.*.name",
    "measured.*.file",
    "boiler.heat_kw_rated",
    "boiler.efficiency_frac",
    "economics.electricity_per_kwh",
    "economics.fuel_per_kwh",
    "meters.*.serial",
    "meters.*.host",
    "meters.*.port",
)
_OF_CONTRACT = (
    "contract.reference",
    "contract.version",
    "contract.effective_on",
    "parties.customer.**",
    "term.starts_on",
    "term.ends_on",
    "signatories.customer",
    "delivery_point.place",
    "delivery_point.drawing",
    "heat_meter.serial",
    "heat_meter.verified_until",
    "capacity.heat_kw",
    "fallback_plant.heat_kw",
)
_OF_SURVEY = ("survey.surveyed_on", "survey.surveyed_by", "survey.starts_on", "*.*.**", "*.**")
_WHOLLY_OPEN = ("basis", "strategy")
"""tables of which nothing carries over, their headers included"""
_KEPT_OF_SURVEY = re.compile(r"survey\.(visited|priced)$")


def replicate(folder: Path, *, like: Path) -> tuple[Path, ...]:
    """Write the next site's workspace into an empty folder; give what was written.

    Raises UnableToMakeWorkspace where the folder is not empty, or where the site that stands cannot
    be read as it is.
    """
    if folder.is_dir() and any(folder.iterdir()):
        raise UnableToMakeWorkspace(
            f"{folder} is not empty",
            remedy="Choose a folder that does not exist yet or is empty.",
        )
    whole = ready(load_workspace(like))
    if whole is None:
        raise UnableToMakeWorkspace(
            f"{like} is not a workspace that could be copied: its files have errors",
            remedy=f"Run `exotherm check {like}` and mend what it says first.",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(sorted(_write(folder, like, whole)))
    except OSError as error:
        raise UnableToMakeWorkspace(
            f"{folder} cannot be written: {error.strerror}",
            remedy="Choose a folder you may write to.",
        ) from error


def _write(folder: Path, like: Path, whole: Ready) -> Iterator[Path]:
    name = whole.site.site.name
    for file, patterns in (
        ("site.toml", _OF_SITE),
        ("contract.toml", _OF_CONTRACT),
        ("survey.toml", _OF_SURVEY),
    ):
        source = like / file
        if not source.is_file():
            continue
        text = opened(source.read_text("utf-8"), patterns)
        head = (
            f"# The next site like {name}. Lines marked `{OPEN.strip()}` are of that one: find\n"
            "# each anew, and take the mark away. The rest carries over; verify it.\n"
        )
        yield _put(folder / file, _headed(text, head))
        schema = file.replace(".toml", ".schema.json")
        yield _put(folder / schema, (examples_folder() / schema).read_text("utf-8"))
    yield _put(folder / "mv-protocol.md", render_protocol(whole.site, whole.contract))
    yield _put(folder / "next-steps.md", _steps(folder, name))


def _put(path: Path, text: str) -> Path:
    write_whole(path, text.encode())
    return path


def _headed(text: str, head: str) -> str:
    """Put the head behind the line that names the schema, which is the workspace's own now."""
    first, _, rest = text.partition("\n")
    if not first.startswith("#:schema"):
        return f"{head}#\n{text}"
    return f"{first.replace('../', './')}\n{head}{rest}"


def opened(text: str, patterns: Sequence[str]) -> str:
    """Put every line that sets a path of these patterns behind the mark.

    In a pattern ``*`` is any one key or place in a list, ``**`` all that follows. A value over
    several lines is marked on each of them.
    """
    lines, places = text.split("\n"), lines_of(text)
    for index, (number, path) in enumerate(places):
        whole = str(path[0]) in _WHOLLY_OPEN
        if not whole and (_is_header(lines[number - 1]) or not _matches(path, patterns)):
            continue
        beyond = (at for at, other in places[index:] if other[: len(path)] != path)
        following = next(beyond, len(lines) + 1)
        for at in range(number, following):
            line = lines[at - 1]
            if at > number and (not line.strip() or line.lstrip().startswith("#")):
                break
            if not line.startswith(OPEN):
                lines[at - 1] = f"{OPEN}{line}"
    return "\n".join(lines)


def _is_header(line: str) -> bool:
    return line.lstrip().startswith("[") and "=" not in line.partition("]")[0]


def _matches(path: Place, patterns: Sequence[str]) -> bool:
    if _KEPT_OF_SURVEY.match(".".join(map(str, path))):
        return False
    return any(_fits(path, pattern.split(".")) for pattern in patterns)


def _fits(path: Place, pattern: Sequence[str]) -> bool:
    if pattern and pattern[0] == "**":
        return bool(path)
    if not path or not pattern:
        return not path and not pattern
    return pattern[0] in ("*", str(path[0])) and _fits(path[1:], pattern[1:])


def _steps(folder: Path, name: str) -> str:
    return f"""# The next site like {name}

1. Walk through the building with `survey.toml` in hand: what you leave out is an open item with
   what it risks. `exotherm survey {folder}`
2. Find anew what is marked `{OPEN.strip()}` in `site.toml`: weather, customer, servers, prices,
   meters. `exotherm check {folder}` says what is still missing, with its line.
3. Say by `[[basis]]` what each value rests on, and have measured or quoted what moves most.
   `exotherm plan run {folder} --report study.html`
4. Agree on what is marked in `contract.toml`. `exotherm contract check {folder}`
5. Sign the measurement protocol, `mv-protocol.md`, before anything is built: a baseline cannot be
   measured afterwards.
"""
