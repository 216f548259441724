"""A device behind a broker simulated from its profile: the messages that it publishes. Pure."""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from exotherm.core.period import write_instant
from exotherm.devices.profile import MqttProfile


def messages_of(
    profile: MqttProfile,
    values: Mapping[str, Decimal | None],
    *,
    member: str,
    at: datetime,
    serial: str = "12345678",
) -> dict[str, str]:
    """Give the payload of each topic; a profile without fields has plain numbers."""
    told: dict[str, Any] = {}
    for value in profile.values:
        topic = value.topic.replace("{address}", member)
        shown = values[value.quantity]
        number = None if shown is None else float(value.number_of(shown))
        if not value.field:
            told[topic] = number
            continue
        payload = told.setdefault(topic, {})
        _put(payload, value.field, number)
        if value.time_field:
            _put(payload, value.time_field, write_instant(at))
        if profile.serial_field:
            _put(payload, profile.serial_field, serial)
    return {topic: json.dumps(payload) for topic, payload in told.items()}


def _put(payload: dict[str, Any], pointer: str, value: object) -> None:
    *steps, last = pointer.split("/")[1:]
    for step in steps:
        payload = payload.setdefault(step, {})
    payload[last] = value
