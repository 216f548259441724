"""Modbus TCP: register maps as data, a reader of them, and a device for the twin."""
