"""Cases of findings: what a person wrote or a meter told, and what the program says to it.

Each folder of ``tests/findings`` is named by a finding's code and holds its case, as ``case.toml``:

    about = "When it comes up and why it matters, in one sentence."
    example = "school"                  # the example that is copied; pool if left out
    command = ["check", "."]            # run in that copy; this is the default
    before = [["bill", "close", …]]     # commands that have to succeed first
    exit = 1

    [[change]]                          # of a file in that copy
    file = "site.toml"
    from = "depth_m              = 1.5"
    to = "depth_m              = 15"    # or: append = "…", repeat = 3; write = "…"; delete = true

    [month]                             # fills the store with an October; see case_month
    [[month.fault]]
    points = ["heat_meter.heat_kwh"]
    from = 2026-10-12T06:00:00Z
    missing = true

or, where it arises in a protocol that no command plays, as ``case.py`` with ``ABOUT`` and
``findings()``, which calls the real function.
"""

import importlib.util
import io
import json
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from case_month import Fault, fill_store, read_fault

from exotherm.cli.main import run
from exotherm.cli.output import show_findings
from exotherm.core.findings import Finding, Severity, Where, has_errors
from exotherm.feeds.weather import read_pvgis
from exotherm.usecases import weather

CASES = Path(__file__).parents[1] / "findings"
EXAMPLES = Path(__file__).parents[2] / "examples"
# An example's weather is read once for all cases: it is most of the time of a check.
_read_weather = lru_cache(maxsize=4)(read_pvgis)
_CHECK = ["check", "."]
_PREVIEW = ["bill", "preview", ".", "--month", "2026-10", "--now", "2026-11-02T08:00Z"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What came of a case: all findings, and the exit code that the command had or would have.

    ``files`` are the texts of the workspace by name, in which the places of the findings lie.
    """

    findings: tuple[Finding, ...]
    exit_code: int
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A code, when it comes up, and the file that shows it; ``command`` is None where it has none.

    ``exit_code`` is what the case expects of its command.
    """

    code: str
    about: str
    file: Path
    play: Callable[[], Came]
    command: tuple[str, ...] | None = None
    exit_code: int | None = None

    def finding(self, came: Came) -> Finding:
        """Give the finding that the case is about."""
        said = [one.code for one in came.findings]
        assert self.code in said, f"{self.code} is not among {said}"
        return next(one for one in came.findings if one.code == self.code)


def section_of(case: Case, finding: Finding) -> str:
    """Write the section of a case on the page of findings: its code, its sentence, what is said."""
    shown = io.StringIO()
    show_findings((finding,), stream=shown)
    told = f"$ exotherm {' '.join(case.command)}\n" if case.command else ""
    file = case.file.relative_to(CASES.parents[1]).as_posix()
    return "\n\n".join(
        (
            f"### {case.code}",
            f"{finding.severity.value.capitalize()}. {case.about} ([case](../{file}))",
            f"```text\n{told}{shown.getvalue().strip()}\n```",
        )
    )


def all_cases(folder: Path = CASES) -> tuple[Case, ...]:
    """Read every case, in the order of the codes."""
    return tuple(
        _read_toml(each / "case.toml")
        if (each / "case.toml").exists()
        else _read_python(each / "case.py")
        for each in sorted(folder.iterdir())
        if each.is_dir() and each.name != "__pycache__"
    )


def _read_python(file: Path) -> Case:
    code = file.parent.name
    spec = importlib.util.spec_from_file_location(f"case_of_{code}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def play() -> Came:
        found = tuple(module.findings())
        return Came(findings=found, exit_code=int(has_errors(found)), files={})

    return Case(code=code, about=module.ABOUT, file=file, play=play)


# --- Cases that change the example and run a command


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is changed in a file of the workspace."""

    file: str
    find: str | None = None
    put: str = ""
    append: str = ""
    repeat: int = 1
    write: str | None = None
    delete: bool = False

    def make(self, folder: Path) -> None:
        path = folder / self.file
        if self.delete:
            path.unlink()
            return
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        if self.write is not None:
            text = self.write
        elif self.find is not None:
            assert text.count(self.find) == 1, f"{self.file} has not once {self.find!r}"
            text = text.replace(self.find, self.put)
        path.write_text(text + self.append * self.repeat, encoding="utf-8")


def _read_toml(file: Path) -> Case:
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    month: dict[str, Any] | None = table.pop("month", None)
    about, exit_code = table.pop("about"), table.pop("exit")
    example = table.pop("example", "pool")
    command = table.pop("command", _CHECK if month is None else _PREVIEW)
    before = table.pop("before", [])
    changes = tuple(_read_change(change) for change in table.pop("change", []))
    assert not table, f"{file}: a case has no {set(table)}"
    faults = None if month is None else tuple(map(read_fault, month.get("fault", [])))

    def play() -> Came:
        return _play(example, command, before=before, changes=changes, faults=faults)

    return Case(
        code=file.parent.name,
        about=about,
        file=file,
        play=play,
        command=tuple(command),
        exit_code=exit_code,
    )


def _read_change(table: dict[str, Any]) -> Change:
    names = {"from": "find", "to": "put"}
    return Change(**{names.get(key, key): value for key, value in table.items()})


def _play(
    example: str,
    command: list[str],
    *,
    before: list[list[str]],
    changes: tuple[Change, ...],
    faults: tuple[Fault, ...] | None,
) -> Came:
    with tempfile.TemporaryDirectory(prefix="exotherm-case-") as temporary:
        folder = Path(temporary)
        shutil.copytree(EXAMPLES / example, folder, dirs_exist_ok=True)
        for change in changes:
            change.make(folder)
        if faults is not None:
            fill_store(folder, faults)
        with chdir(folder), patch.object(weather, "read_pvgis", _read_weather):
            for each in before:
                assert _said(each)[0] == 0, each
            exit_code, said = _said(command)
        files = {
            path.name: path.read_text(encoding="utf-8", errors="replace")
            for path in folder.iterdir()
            if path.suffix in {".toml", ".csv"}
        }
    found = tuple(map(_finding, json.loads(said)["findings"]))
    return Came(findings=found, exit_code=exit_code, files=files)


def _said(command: list[str]) -> tuple[int, str]:
    """Run a command as a person would, and give its exit code and what it says on stdout."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        exit_code = run([*command, "--json"])
    assert exit_code in {0, 1}, f"{command} ends with {exit_code}: {err.getvalue()}"
    return exit_code, out.getvalue()


def _finding(said: dict[str, Any]) -> Finding:
    return Finding(
        code=said["code"],
        severity=Severity(said["severity"]),
        where=Where(**said["where"]),
        message=said["message"],
        remedy=said["remedy"],
        data=said["data"],
    )
