"""Write the JSON Schemas of site and contract beside the example, for editors.

``python tools/write_schemas.py`` writes them; ``--check`` only says whether they are fresh.
"""
# ruff: noqa: INP001

import sys
from pathlib import Path

from exotherm.contract.schema import write_contract_schema
from exotherm.site.schema import write_site_schema

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "pool"


def schemas() -> dict[Path, str]:
    """Give the text of every schema by the file it belongs into."""
    return {
        EXAMPLE / "site.schema.json": write_site_schema(),
        EXAMPLE / "contract.schema.json": write_contract_schema(),
    }


def main(arguments: list[str]) -> int:
    """Write every schema that has changed; with ``--check`` write none and tell by the result."""
    stale = [
        (path, text)
        for path, text in schemas().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path, text in stale:
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8", newline="\n")
        sys.stdout.write(f"{path.name}\n")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
