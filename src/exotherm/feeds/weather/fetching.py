"""Fetching a typical year from PVGIS, the European Commission's public service.

Nothing is fetched unless a person asks for it: PVGIS is told the place of the site.
"""

from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from exotherm.core.errors import UnableTo

PVGIS_URL = "https://re.jrc.ec.europa.eu/api/v5_3/tmy"
_TIMEOUT_S = 60.0
_BYTES_MAX = 8 * 2**20
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
# PVGIS says 429 above its rate and 529 when it is overloaded.
_BUSY = {408, 425, 429, 529}
_BY_HAND = "Download a TMY as CSV from PVGIS by hand and put it into the workspace."


class UnableToFetchWeather(UnableTo):
    """PVGIS did not give a typical year."""


class _OnlySecure(HTTPRedirectHandler):
    """Follows a redirection only to where a secret would be safe too."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        try:
            _check(newurl)
        except UnableToFetchWeather:
            fp.close()
            raise
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch_pvgis(
    latitude_deg: float,
    longitude_deg: float,
    *,
    url: str = PVGIS_URL,
    timeout_s: float = _TIMEOUT_S,
) -> str:
    """Fetch a typical year for a place from PVGIS, as the text that read_pvgis reads.

    Raises UnableToFetchWeather, retryable where PVGIS is busy or out of reach. Only HTTPS is
    spoken, but for the machine's own addresses.
    """
    _check(url)
    query = urlencode({"lat": latitude_deg, "lon": longitude_deg, "outputformat": "csv"})
    try:
        with build_opener(_OnlySecure).open(f"{url}?{query}", timeout=timeout_s) as answer:
            body: bytes = answer.read(_BYTES_MAX + 1)
    except HTTPError as error:
        raise _refused(error) from error
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise UnableToFetchWeather(
            f"PVGIS is out of reach: {reason}.",
            remedy=f"Check the connection and try again. {_BY_HAND}",
            retryable=True,
        ) from error
    if len(body) > _BYTES_MAX:
        raise UnableToFetchWeather(
            f"The answer of PVGIS is larger than {_BYTES_MAX // 2**20} MiB.", remedy=_BY_HAND
        )
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnableToFetchWeather(
            "The answer of PVGIS is not text in UTF-8.", remedy=_BY_HAND
        ) from error


def _check(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return
    raise UnableToFetchWeather(
        f"Weather is only fetched over HTTPS, not from {parts.scheme}://{parts.hostname}.",
        remedy=_BY_HAND,
    )


def _refused(error: HTTPError) -> UnableToFetchWeather:
    """Put PVGIS's refusal into words, with the beginning of its own."""
    with error:
        said = " ".join(error.read(500).decode("utf-8", errors="replace").split())
    if error.code in _BUSY or error.code >= 500:
        return UnableToFetchWeather(
            f"PVGIS is busy (HTTP {error.code}).",
            remedy=f"Try again in a minute. {_BY_HAND}",
            retryable=True,
        )
    return UnableToFetchWeather(
        f"PVGIS has no typical year for this place (HTTP {error.code}): {said or 'no reason'}",
        remedy="Check latitude and longitude: PVGIS has no data over the sea, nor everywhere.",
    )
