"""The operator's keys: made once, kept in the workspace for the owner's eyes alone."""

import base64
import json
import os
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from exotherm.core.errors import UnableTo
from exotherm.prove.checkpoint import SigningKey, key_from_private, new_key, origin_of

KEY_FILE = "evidence.key"


class UnableToReadKeys(UnableTo):
    """The keys of a workspace are there but cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The key that signs evidence, and the secret that salts readings."""

    signing: SigningKey
    salt: bytes = field(repr=False)


def slug_of(name: str) -> str:
    """Write a site's name as it stands in keys and file names: ``riverside-pool``."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "site"


def load_or_make_keys(folder: Path, *, site_name: str, named: str = "") -> Keys:
    """Read the workspace's keys, or make them where there are none yet.

    ``named`` is the key that an issued invoice names: a lost one is not replaced in silence.

    The file is readable by its owner only. Whoever loses it cannot sign as before: keep a copy
    where the database's copies are, and never in git.
    """
    path = folder / KEY_FILE
    try:
        if not path.exists() and named:
            raise UnableToReadKeys(
                f"{path} is gone, and an issued invoice names its key {named}",
                remedy="Restore the file from your copy of it; without it nothing can be signed "
                "that fits the invoice.",
            )
        if not path.exists():
            _write(path, new_key(origin_of(slug_of(site_name))), secrets.token_bytes(32))
        return _read(path)
    except OSError as error:
        raise UnableToReadKeys(
            f"{path} cannot be read or written: {error.strerror}",
            remedy="Give this account read and write access to the workspace.",
        ) from error


def _write(path: Path, key: SigningKey, salt: bytes) -> None:
    text = json.dumps(
        {
            "name": key.name,
            "vkey": key.vkey,
            "private": base64.b64encode(key.private).decode(),
            "salt": base64.b64encode(salt).decode(),
        },
        indent=2,
    )
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text + "\n")


def _read(path: Path) -> Keys:
    if not path.is_file():
        raise UnableToReadKeys(
            f"{path} is no plain file", remedy="Restore the file from your copy of it."
        )
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise UnableToReadKeys(
            f"{path} can be read by others than its owner",
            remedy=f"Run `chmod 600 {path}`; if others may have copied it, make a new key.",
        )
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        signing = key_from_private(data["name"], base64.b64decode(data["private"]))
        salt = base64.b64decode(data["salt"])
    except (ValueError, KeyError, TypeError) as error:
        raise UnableToReadKeys(
            f"{path} is not a key file", remedy="Restore the file from your copy of it."
        ) from error
    return Keys(signing=signing, salt=salt)
