"""The JSON Schema of the site file."""

from exotherm.core.schema import write_schema
from exotherm.site.document import Site


def write_site_schema() -> str:
    """Write the JSON Schema that an editor needs for ``site.toml``."""
    return write_schema(Site, title="exotherm site")
