"""The demonstration, run once as a person runs it, for all tests of the whole chain."""

import json
from pathlib import Path
from typing import Any

import pytest

from exotherm.cli.main import run


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Path:
    folder: Path = tmp_path_factory.mktemp("demo") / "workspace"
    assert run(["demo", "--no-serve", "--out", str(folder)]) == 0
    return folder


@pytest.fixture
def ask(capsys):
    """Run a command with --json and give its exit code and answer."""

    def answer(*arguments: str) -> tuple[int, Any]:
        capsys.readouterr()
        code = run([*arguments, "--json"])
        return code, json.loads(capsys.readouterr().out)

    return answer
