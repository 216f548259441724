"""The paper of a contract, written as a file that people can sign."""

from pathlib import Path

from exotherm.contract.canonical import hash_of
from exotherm.contract.terms import Contract
from exotherm.core.errors import UnableTo
from exotherm.render.contract_docx import render_contract_docx
from exotherm.render.contract_pdf import render_contract_pdf
from exotherm.usecases.files import WorkspaceFiles, write_whole
from exotherm.usecases.workspace import CONTRACT_FILE

FORMATS = ("pdf", "docx")


class UnableToWriteContract(UnableTo):
    """The paper could not be written where it was asked for."""


def contract_file_name(contract: Contract, kind: str) -> str:
    """Name the paper by contract and version: ``EX-C1-v1.pdf``."""
    paper = contract.contract
    safe = "".join(one if one.isalnum() or one in "-_" else "-" for one in paper.reference)
    return f"{safe}-v{paper.version}.{kind}"


def write_contract(contract: Contract, folder: Path, *, kind: str, out: Path | None) -> Path:
    """Write the paper of a workspace's contract as PDF or DOCX; gives the file.

    Raises UnableToWriteContract, and UnableToRender for letters that no font has.
    """
    path = out or folder / contract_file_name(contract, kind)
    if path.suffix.lower() != f".{kind}":
        raise UnableToWriteContract(
            f"{path} is not the name of a {kind.upper()}",
            remedy=f"Name a file that ends in .{kind}; no other file is ever written over.",
        )
    if kind == "pdf":
        text = WorkspaceFiles(folder).text(CONTRACT_FILE) or ""
        content = render_contract_pdf(contract, text=text)
    else:
        content = render_contract_docx(contract)
    try:
        write_whole(path, content)
    except OSError as error:
        raise UnableToWriteContract(
            f"{path} cannot be written: {error.strerror}", remedy="Name another file with --out."
        ) from error
    return path


def rendered_json(contract: Contract, path: Path, *, ready: bool) -> dict[str, object]:
    """Say what was written, as plain values."""
    return {
        "file": str(path),
        "reference": contract.contract.reference,
        "version": contract.contract.version,
        "sha256": hash_of(contract),
        "ready": ready,
    }
