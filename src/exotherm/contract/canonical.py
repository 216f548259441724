"""The contract as one text and one hash: what is signed, and which version follows which."""

import hashlib
import json
from collections.abc import Iterator

from exotherm.contract.terms import Contract
from exotherm.core.documents import Source
from exotherm.core.findings import Finding


def write_canonical(contract: Contract) -> str:
    """Write a contract as JSON that is the same for the same terms, however the file is set.

    Keys are sorted, decimals keep their digits, days are ISO dates; clauses that are not there
    are left out, and so is white space. Clauses from presets are part of it.
    """
    plain = contract.model_dump(mode="json", exclude_none=True)
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def hash_of(contract: Contract) -> str:
    """Give the SHA-256 of the canonical text, which each later version names (LEG-14)."""
    return hashlib.sha256(write_canonical(contract).encode()).hexdigest()


def check_chain(before: Contract, after: Contract, *, source: Source) -> Iterator[Finding]:
    """Check that a contract is the version after another: by its number and the hash it names."""
    old, new = before.contract, after.contract
    if old.reference != new.reference:
        return
    if new.version != old.version + 1:
        yield source.note(
            "contract.version-not-next",
            "contract",
            "version",
            message=f"Version {new.version} is compared with version {old.version}; one does not "
            "follow the other.",
            remedy=f"Number the later one {old.version + 1}, or compare neighbours.",
            before=old.version,
            after=new.version,
        )
    elif new.previous_hash != hash_of(before):
        yield source.warning(
            "contract.chain-broken",
            "contract",
            "previous_hash",
            message=f"Version {new.version} names another hash than that of version "
            f"{old.version}: it was made from other terms than these.",
            remedy=f'Write `previous_hash = "{hash_of(before)}"`, or find the version it is from.',
            expected=hash_of(before),
            named=new.previous_hash,
        )
