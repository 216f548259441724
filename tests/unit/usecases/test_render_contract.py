"""A paper that people may have signed or written into is not lost to a later one."""

from pathlib import Path

import pytest

from exotherm.contract.reading import read_contract
from exotherm.usecases.render_contract import UnableToWriteContract, write_contract

TEXT = (Path(__file__).parents[3] / "examples" / "pool" / "contract.toml").read_text("utf-8")


def of_terms(text, folder):
    (folder / "contract.toml").write_text(text, encoding="utf-8")
    contract = read_contract(text).document
    assert contract is not None
    return contract


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_other_terms_of_the_same_version_do_not_replace_a_paper(kind, tmp_path):
    path = write_contract(of_terms(TEXT, tmp_path), tmp_path, kind=kind, out=None)
    signed = path.read_bytes()
    other = of_terms(TEXT.replace("= 0.0680", "= 0.0650"), tmp_path)
    with pytest.raises(UnableToWriteContract, match="other terms of version 1") as refused:
        write_contract(other, tmp_path, kind=kind, out=None)
    assert "--replace" in refused.value.remedy
    assert path.read_bytes() == signed
    write_contract(other, tmp_path, kind=kind, out=None, replace=True)
    assert path.read_bytes() != signed


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_the_same_terms_are_written_again(kind, tmp_path):
    path = write_contract(of_terms(TEXT, tmp_path), tmp_path, kind=kind, out=None)
    again = of_terms(f"{TEXT}\n# A remark.\n", tmp_path)
    assert write_contract(again, tmp_path, kind=kind, out=None) == path


def test_what_somebody_wrote_into_a_document_stays(tmp_path):
    contract = of_terms(TEXT, tmp_path)
    path = write_contract(contract, tmp_path, kind="docx", out=None)
    path.write_bytes(path.read_bytes() + b"and a note")
    with pytest.raises(UnableToWriteContract):
        write_contract(contract, tmp_path, kind="docx", out=None)
