"""MQTT: meters behind a broker, and values published to one."""
