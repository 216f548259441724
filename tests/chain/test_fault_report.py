"""The report of a fault of ours: whole, but without what opens somebody's devices."""

import re
from pathlib import Path

from exotherm.cli import main


def test_a_fault_is_reported_without_secrets(monkeypatch, capsys):
    secret = "correct horse battery"  # noqa: S105 - of nobody

    def break_down(**_: object) -> None:
        raise RuntimeError(f"key {secret} is bad")

    monkeypatch.setenv("EXOTHERM_PDU_AUTH_KEY", secret)
    monkeypatch.setattr(main.exotherm, "main", break_down)
    assert main.run(["check"]) == main.OUR_FAULT
    told = capsys.readouterr().err
    found = re.search(r"report is in (\S+\.txt)", told)
    assert found is not None
    report = Path(found[1])
    text = report.read_text("utf-8")
    report.unlink()
    assert secret not in text + told
    assert "(withheld) is bad" in text
