"""The tutorial is run as a newcomer would run it; what it shows must come out."""

import re
import shlex
from pathlib import Path

from exotherm.cli.main import run

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial.md"


def sessions():
    """Give every command of the tutorial with the lines it shows."""
    for block in re.findall(r"```console\n(.*?)```", TUTORIAL.read_text("utf-8"), re.DOTALL):
        command, *shown = block.rstrip("\n").split("\n")
        assert command.startswith("$ exotherm ")
        yield shlex.split(command)[2:], shown


def plain(text):
    """Write kinds of spaces as one, as they look the same to a reader."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_every_command_shows_what_the_tutorial_says(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    done = 0
    for arguments, shown in sessions():
        assert run(arguments) == 0, arguments
        lines = [plain(line).rstrip() for line in capsys.readouterr().out.splitlines()]
        for line in shown:
            assert plain(line) in lines, (arguments, lines)
        done += 1
    assert done >= 9
