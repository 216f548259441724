"""What is said folds where a person reads it, and stays whole where a program does."""

import pytest

from exotherm.cli.output import note, say, say_rows, say_table, say_whole, show_findings
from exotherm.core.findings import Finding, Severity, Where

SENTENCE = (
    "  The plan would gain 40\u202f153\u00a0GBP if its heat pump were off, whatever stops it."
)
TABLE = [
    ("", "cost DKK/kWh", "worth DKK/kWh", "left MWh"),
    ("Lysbakke", "0.116", "0.250", "556"),
    ("Gas boiler", "0.663", "0.663", "\u2013"),
]


@pytest.mark.parametrize("columns", [20, 40, 60])
def test_words_fold_and_break_no_word(columns, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    say(SENTENCE)
    note(SENTENCE)
    out, err = capsys.readouterr()
    assert out == err
    lines = out.splitlines()
    assert all(len(line) <= columns for line in lines)
    assert all(line.startswith("  ") and not line.startswith("   ") for line in lines)
    assert " ".join(line.strip() for line in lines) == SENTENCE.strip()
    assert "40\u202f153\u00a0GBP" in out


def test_a_pipe_gets_its_lines_whole_and_so_does_what_is_copied(capsys, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    say(SENTENCE)
    assert capsys.readouterr().out == SENTENCE + "\n"
    monkeypatch.setenv("COLUMNS", "40")
    say_whole(SENTENCE)
    assert capsys.readouterr().out == SENTENCE + "\n"


def test_a_table_that_finds_no_room_is_a_name_with_its_values_below(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    say_table(TABLE)
    wide = capsys.readouterr().out.splitlines()
    assert wide[0].split("  ")[-1].strip() == "left MWh"
    assert len(wide) == 3
    monkeypatch.setenv("COLUMNS", "40")
    say_table(TABLE)
    assert capsys.readouterr().out.splitlines() == [
        "  Lysbakke",
        "    cost DKK/kWh   0.116",
        "    worth DKK/kWh  0.250",
        "    left MWh       556",
        "  Gas boiler",
        "    cost DKK/kWh   0.663",
        "    worth DKK/kWh  0.663",
        "    left MWh       \u2013",
    ]


def test_a_value_that_finds_no_room_stands_below_its_name(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")
    say_rows([("internal rate of return", "none within the term")])
    assert capsys.readouterr().out.splitlines() == [
        "  internal rate of return",
        "    none within the term",
    ]


def test_findings_fold_as_well(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    show_findings(
        [
            Finding(
                code="plan.heat-pump-loses",
                severity=Severity.WARNING,
                where=Where(file="site.toml"),
                message=SENTENCE.strip(),
                remedy="Plan without it, which spares its investment as well.",
            )
        ]
    )
    err = capsys.readouterr().err
    assert all(len(line) <= 40 for line in err.splitlines()[1:])
    assert "\n  hint: Plan without it" in err
