"""What the place and the purse allow: limits within which sizes are sought."""

from exotherm.core.documents import Document, default
from exotherm.site.quantities import NotNegative, Positive


class Limits(Document):
    """Limits of a site; a largest value that is left out is not limited."""

    store_m3_max: Positive | None = None
    """largest store for which there is space"""
    store_l_per_kw_min: NotNegative = default(
        20.0, source="usual, so that a compressor runs ten minutes at a time: verify with its maker"
    )
    """smallest store per kilowatt of the heat pump's heat"""
    power_kw_max: Positive | None = None
    """electric power that the connection has for servers, cooling and delivery together"""
    servers_kw_max: Positive | None = None
    """most servers that are wanted here"""
    investment_amount_max: Positive | None = None
    """most that may be invested, before grants"""
