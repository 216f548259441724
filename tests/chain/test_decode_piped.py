"""Telegrams that come through a pipe are read as those of a file are."""

import json
import subprocess
import sys
from typing import Any

from mbus_peers import frame_of

DIGITS = frame_of("kamstrup_multical_601").hex(" ").encode()


def decoded(content: bytes, file: str) -> tuple[int, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "exotherm", "operate", "decode", "mbus", file, "--json"],
        input=content,
        capture_output=True,
        check=False,
    )
    return done.returncode, json.loads(done.stdout)


def test_a_pipe_is_read_as_a_file_is(tmp_path):
    file = tmp_path / "telegram.hex"
    file.write_bytes(DIGITS)
    (_, of_file), (_, of_pipe) = decoded(b"", str(file)), decoded(DIGITS, "-")
    assert of_pipe["telegrams"] == of_file["telegrams"] != []
    assert of_pipe["file"] == "-"


def test_an_empty_pipe_is_said():
    code, said = decoded(b"", "-")
    assert (code, [one["code"] for one in said["findings"]]) == (1, ["capture.empty"])
