"""One gateway a workspace: the second is refused, and one that was killed keeps out nobody."""

import os
import shutil
import subprocess
import sys

import pytest

from exotherm.cli.main import run
from exotherm.store.gateway_lock import GatewayRunsAlready, only_gateway

_HOLDING = """
import sys
from pathlib import Path
from exotherm.store.gateway_lock import only_gateway
with only_gateway(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_gateway_that_is_killed_lets_go_of_its_workspace(tmp_path):
    command = [sys.executable, "-c", _HOLDING, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with (
            pytest.raises(GatewayRunsAlready, match=f"process {other.pid}"),
            only_gateway(tmp_path),
        ):
            pytest.fail("there are two")
        other.kill()
        other.wait()
        with only_gateway(tmp_path):
            assert (tmp_path / "gateway.lock").read_text("utf-8") == f"{os.getpid()}\n"


def test_a_second_gateway_on_a_workspace_is_refused_and_told_of_the_first(
    tmp_path, pool_folder, capsys
):
    folder = shutil.copytree(pool_folder, tmp_path / "pool")
    with only_gateway(folder):
        assert run(["operate", "run", str(folder)]) == 1
    told = capsys.readouterr().err
    assert f"A gateway reads the meters of {folder} already: process {os.getpid()}" in told
    assert not (folder / "exotherm.db").exists()
