"""Credentials of devices: from the environment or from a file that only its owner reads.

They never stand in the site file, on a command line, in a log, nor in the text of an error.
"""

import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from exotherm.devices.errors import UnableToLogIn

FILE_VARIABLE = "EXOTHERM_CREDENTIALS"
"""environment variable that names the file"""
KINDS = ("user", "password", "community", "auth_key", "priv_key", "context", "ca_file")
"""what may be given of a device"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What opens a device; none of it is shown where this is printed."""

    user: str = ""
    password: str = field(default="", repr=False)
    community: str = field(default="", repr=False)
    auth_key: str = field(default="", repr=False)
    priv_key: str = field(default="", repr=False)
    context: str = ""
    ca_file: str = ""
    prefix: str = "EXOTHERM_<NAME>_"
    """with which the environment's variables begin that give these"""


def credentials_of(name: str, *, environment: Mapping[str, str] | None = None) -> Credentials:
    """Find the credentials of a meter by its name, in the environment first, then in the file.

    The environment has ``EXOTHERM_<NAME>_PASSWORD`` and its like; the file named by
    ``EXOTHERM_CREDENTIALS`` is TOML with a table of the meter's name. Raises UnableToLogIn where
    the file cannot be read or others may read it too.
    """
    environment = os.environ if environment is None else environment
    prefix = f"EXOTHERM_{name.upper()}_"
    found = {kind: environment.get(prefix + kind.upper(), "") for kind in KINDS}
    if path := environment.get(FILE_VARIABLE, ""):
        table = _read(Path(path)).get(name, {})
        entries = table if isinstance(table, dict) else {}
        found = {kind: found[kind] or str(entries.get(kind, "")) for kind in KINDS}
    return Credentials(**found, prefix=prefix)


def _read(path: Path) -> Mapping[str, object]:
    try:
        mode = path.stat().st_mode
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnableToLogIn(
            f"The file of credentials {path} cannot be read.",
            remedy=f"Correct the path in {FILE_VARIABLE}, or give yourself the right to read it.",
        ) from error
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UnableToLogIn(
            f"The file of credentials {path} may be read by others (mode {mode & 0o777:o}).",
            remedy=f"Run `chmod 600 {path}`.",
        )
    try:
        return tomllib.loads(text)
    except ValueError as error:
        raise UnableToLogIn(
            f"The file of credentials {path} is not TOML that can be read.",
            remedy="Write a table for each meter, as in `[pdu1]` with `user` and `password`.",
        ) from error
