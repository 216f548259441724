"""Reading a site file."""

from exotherm.core.documents import Read, read_document
from exotherm.site.document import Site


def read_site(text: str, *, file: str = "site.toml") -> Read[Site]:
    """Read the text of a site file, or explain each thing that stands against it."""
    return read_document(text, Site, file=file)
