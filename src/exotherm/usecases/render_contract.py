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


def write_contract(
    contract: Contract, folder: Path, *, kind: str, out: Path | None, replace: bool = False
) -> Path:
    """Write the paper of a workspace's contract as PDF or DOCX; gives the file.

    A paper of other terms, which somebody may have signed, is only written over to ``replace`` it.
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
    if not replace:
        _check_paper_there(path, content, contract)
    try:
        write_whole(path, content)
    except OSError as error:
        raise UnableToWriteContract(
            f"{path} cannot be written: {error.strerror}", remedy="Name another file with --out."
        ) from error
    return path


def _check_paper_there(path: Path, content: bytes, contract: Contract) -> None:
    try:
        before = path.read_bytes()
    except OSError:
        return  # it is not there; or writing will say what is in the way
    # A PDF names the hash of its terms; people may have written into a DOCX of the same.
    if before == content or (
        path.suffix.lower() == ".pdf" and hash_of(contract).encode() in before
    ):
        return
    raise UnableToWriteContract(
        f"{path} is there and holds something else: other terms of version "
        f"{contract.contract.version}, or what somebody wrote into it",
        remedy="Raise `contract.version` where terms changed, or name another file with --out. "
        "With --replace it is written over.",
    )


def rendered_json(contract: Contract, path: Path, *, ready: bool) -> dict[str, object]:
    """Say what was written, as plain values."""
    return {
        "file": str(path),
        "reference": contract.contract.reference,
        "version": contract.contract.version,
        "sha256": hash_of(contract),
        "ready": ready,
    }
