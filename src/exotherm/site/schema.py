"""The JSON Schema of the site file."""

from exotherm.core.schema import write_schema
from exotherm.site.document import Site
from exotherm.site.heat_network import HeatNetwork


def write_site_schema() -> str:
    """Write the JSON Schema that an editor needs for ``site.toml``."""
    return write_schema(Site, title="exotherm site")


def write_network_schema() -> str:
    """Write the JSON Schema that an editor needs for ``network.toml``."""
    return write_schema(HeatNetwork, title="exotherm network")
