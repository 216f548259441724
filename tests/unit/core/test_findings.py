import json

import pytest

from exotherm.core.errors import UnableTo
from exotherm.core.findings import Finding, Severity, Where, has_errors


def finding(severity: Severity = Severity.ERROR, **data: object) -> Finding:
    return Finding(
        code="site.example",
        severity=severity,
        where=Where(file="site.toml", line=14, path="pool.area_m2"),
        message="The area is odd.",
        remedy="Correct the area.",
        data=data,
    )


@pytest.mark.parametrize(
    ("where", "text"),
    [
        (Where(file="site.toml", line=14, path="pool.area_m2"), "site.toml:14 (pool.area_m2)"),
        (Where(file="site.toml", line=14), "site.toml:14"),
        (Where(file="site.toml", path="pool"), "site.toml (pool)"),
        (Where(file="site.toml"), "site.toml"),
        (Where(path="meter 61440112"), "meter 61440112"),
        (Where(), ""),
    ],
)
def test_a_place_is_written_as_an_editor_reads_it(where, text):
    assert str(where) == text


def test_a_finding_is_plain_json():
    assert json.loads(json.dumps(finding(area_m2=12.5).to_json())) == {
        "code": "site.example",
        "severity": "error",
        "where": {"file": "site.toml", "line": 14, "path": "pool.area_m2"},
        "message": "The area is odd.",
        "remedy": "Correct the area.",
        "data": {"area_m2": 12.5},
    }


def test_without_data_a_finding_has_none():
    bare = Finding(
        code="a.b", severity=Severity.NOTE, where=Where(), message="It is.", remedy="None."
    )
    assert bare.data == {}
    with pytest.raises(TypeError):
        bare.data["more"] = 1  # type: ignore[index]


@pytest.mark.parametrize(
    ("severities", "blocks"),
    [
        ([], False),
        ([Severity.NOTE, Severity.WARNING], False),
        ([Severity.NOTE, Severity.ERROR], True),
    ],
)
def test_only_errors_block(severities, blocks):
    assert has_errors(finding(severity) for severity in severities) is blocks


def test_what_the_world_did_not_do_says_whether_to_try_again():
    class UnableToRead(UnableTo):
        retryable = True

    usual = UnableToRead("Unable to read.", remedy="Try again.")
    assert (str(usual), usual.remedy, usual.retryable) == ("Unable to read.", "Try again.", True)
    assert UnableToRead("Unable to read.", retryable=False).retryable is False
    assert UnableTo("Unable.").retryable is False
