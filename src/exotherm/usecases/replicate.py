"""The next site of a kind: the files of one that stands, with all that has to be found anew open.

What carries over is kept line by line, comments and order as they are. What belongs to the old site
alone is put behind ``# OPEN``, so that the check says exactly what is missing; no value of the old
site can be taken for the new one's by silence.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from exotherm.core.toml_lines import Path as Place
from exotherm.core.toml_lines import lines_of
from exotherm.render.protocol import render_protocol
from exotherm.usecases.files import write_whole
from exotherm.usecases.new import UnableToMakeWorkspace, examples_folder
from exotherm.usecases.workspace import Ready, load_workspace, ready

OPEN = "# OPEN "
"""what a line begins with whose value has to be found anew"""
_Open = Mapping[str, tuple[str, ...]]
_OF_SITE: _Open = {
    "site": ("name", "latitude_deg", "longitude_deg"),
    "study": ("year",),
    "weather": ("file", "city", "outdoor_c_design"),
    "computing": ("utilisation_file", "utilisation_column"),
    "pool": ("area_m2", "depth_m", "bathers_per_day"),
    "buildings": ("*.name", "*.floor_m2"),
    "network": ("heat_kwh", "consumers", "trench_m"),
    "measured": ("*.name", "*.file"),
    "boiler": ("heat_kw_rated", "efficiency_frac"),
    "economics": ("electricity_per_kwh", "fuel_per_kwh"),
    "meters": ("*.serial", "*.host", "*.port"),
}
_OF_CONTRACT: _Open = {
    "contract": ("reference", "version", "effective_on"),
    "parties": ("customer.**",),
    "term": ("starts_on", "ends_on"),
    "signatories": ("customer",),
    "delivery_point": ("place", "drawing"),
    "heat_meter": ("serial", "verified_until"),
    "capacity": ("heat_kw",),
    "fallback_plant": ("heat_kw",),
}
_OF_SURVEY: _Open = {"survey": ("surveyed_on", "surveyed_by", "starts_on"), "*": ("**",)}
_KEPT_OF_SURVEY = ("visited", "priced")
_WHOLLY_OPEN = ("basis", "strategy")
"""tables of which nothing carries over, their headers included"""


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


def opened(text: str, patterns: _Open) -> str:
    """Put every line that sets a path of these patterns behind the mark.

    Patterns stand under the table they are of; in them ``*`` is any one key or place in a list,
    ``**`` all that follows. A value over
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


def _matches(path: Place, patterns: _Open) -> bool:
    if path[0] == "survey" and path[-1] in _KEPT_OF_SURVEY:
        return False
    return any(
        _fits(path, [table, *pattern.split(".")])
        for table, fields in patterns.items()
        for pattern in fields
    )


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
