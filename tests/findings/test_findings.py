"""Every finding that the program can give has a case, and reads as a person may expect."""

import re
from functools import cache
from pathlib import Path

import pytest
from cases import Came, Case, all_cases, section_of
from codes import ROOMS, codes_of, codes_of_source

from exotherm.core.findings import Finding, Severity, Where, has_errors

CASES = all_cases()
PAGE = Path(__file__).parents[2] / "docs" / "findings.md"
SECTIONS = frozenset(
    section.strip()
    for section in re.split(r"^(?=###? )", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    if section.startswith("### ")
)
MACHINE_WORDS = re.compile(
    r"\b(?:[Nn]a[Nn]|None|True|False|inf|Traceback|Decimal\(|datetime\.|zoneinfo)|[{}]|<class|\('"
)


def complaints_about(finding: Finding, came: Came) -> list[str]:
    """What a person could hold against the words of a finding or its place."""
    said = f"{finding.message} {finding.remedy}"
    path, line = finding.where.path, finding.where.line
    text = came.files.get(finding.where.file)
    complaints = {
        "the message does not end": not finding.message.endswith((".", "?")),
        "the remedy does not end": not finding.remedy.endswith((".", "?", "`")),
        "a machine's word": MACHINE_WORDS.search(said) is not None,
        "two spaces": "  " in said,
        "no place": not str(finding.where),
        "a place that moves": "/tmp" in str(finding.where),  # noqa: S108
        "a line that is not there": text is not None
        and line is not None
        and not 1 <= line <= text.count("\n") + 1,
        # A plan is of the site that was read, not of the text that it was read from.
        "a path but no line": not finding.code.startswith("plan.")
        and _has_table(text, path)
        and line is None,
    }
    return [complaint for complaint, holds in complaints.items() if holds]


def _has_table(text: str | None, path: str) -> bool:
    """Whether a file holds the table that a path begins with, so that its line can be told."""
    if text is None or not path:
        return False
    head = re.escape(re.split(r"[.\[]", path)[0])
    return re.search(rf"^\[+{head}\b", text, re.MULTILINE) is not None


@cache
def came_of(code: str) -> Came:
    return next(case for case in CASES if case.code == code).play()


@pytest.mark.parametrize("case", CASES, ids=[case.code for case in CASES])
def test_the_case_gives_its_finding_in_words_for_people(case: Case):
    came = came_of(case.code)
    finding = case.finding(came)
    assert [] == complaints_about(finding, came)
    assert case.exit_code in {None, came.exit_code}
    assert came.exit_code == int(has_errors(came.findings)), "an error, and only one, ends with 1"
    assert case.about.endswith(".")
    assert section_of(case, finding) in SECTIONS, "stale: `make docs` writes docs/findings.md anew"


def test_the_page_of_findings_has_a_section_for_each_case_and_no_other():
    assert [case.code for case in CASES] == sorted(
        section.partition("\n")[0].removeprefix("### ") for section in SECTIONS
    )
    page = PAGE.read_text("utf-8")
    assert all(f"\n## {room}\n\n{about}\n" in page for room, about in ROOMS.items())


def test_every_code_of_the_source_has_a_case_and_no_case_is_of_another():
    assert codes_of_source() == {case.code for case in CASES}


def test_every_code_is_of_a_known_room():
    assert {code.partition(".")[0] for code in codes_of_source()} == set(ROOMS)


def test_codes_are_found_however_they_are_given_and_file_names_are_none():
    text = """
code, words = "meter.no-answer", "does not answer"
Finding(code="newroom.some-code")
source.error("site.boiler-too-small", "boiler", message="site.toml")
open("contract.toml"), point("heat.meter")
"""
    assert {"meter.no-answer", "newroom.some-code", "site.boiler-too-small"} == set(codes_of(text))


@pytest.mark.parametrize(
    ("message", "remedy", "where", "complaint"),
    [
        ("It is wrong", "Mend it.", Where(file="a.toml"), "the message does not end"),
        ("It is wrong.", "Mend it", Where(file="a.toml"), "the remedy does not end"),
        ("It is NaN kW.", "Mend it.", Where(file="a.toml"), "a machine's word"),
        ("It is Decimal('1').", "Mend it.", Where(file="a.toml"), "a machine's word"),
        ("It failed ('127.0.0.1', 1).", "Mend it.", Where(path="rack"), "a machine's word"),
        ("It is wrong.", "Set it to None.", Where(file="a.toml"), "a machine's word"),
        ("It is wrong.", "Mend it.", Where(), "no place"),
        ("It is wrong.", "Mend it.", Where(file="a.toml", line=4), "a line that is not there"),
        ("It is wrong.", "Mend it.", Where(file="a.toml", path="a.b"), "a path but no line"),
    ],
)
def test_words_that_are_not_for_people_are_noticed(message, remedy, where, complaint):
    finding = Finding(
        code="site.test", severity=Severity.ERROR, where=where, message=message, remedy=remedy
    )
    came = Came(findings=(finding,), exit_code=1, files={"a.toml": "[a]\nb = 2\n"})
    assert [complaint] == complaints_about(finding, came)
