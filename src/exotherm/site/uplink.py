"""Where a gateway's samples go on to."""

from typing import Annotated

from annotated_types import Ge, Le
from pydantic import Field

from exotherm.core.documents import Document, default

MQTT_TLS_PORT = 8883


class Uplink(Document):
    """A broker that takes the site's samples over MQTT; credentials never stand in this file."""

    host: str = Field(min_length=1, max_length=253)
    """name or address of the broker"""
    port: Annotated[int, Ge(1), Le(65535)] = default(MQTT_TLS_PORT, source="MQTT over TLS")
    """port of the broker; TLS on 8883, or where a certificate is named beside the credentials"""
    topic: str = Field(default="exotherm", pattern=r"^[A-Za-z0-9_\-/]{1,100}$")
    """what the site's topics begin with"""
    site: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_\-]{1,100}$")
    """what stands for the site in its topics, no other's on that broker; by default its name and a
    mark of its database, which no other has"""
