"""Modbus TCP: register maps as data, a reader of them, and a device for the twin."""

import logging

# pymodbus would print each failure with a dump of bytes; ours are errors with a remedy.
logging.getLogger("pymodbus").addHandler(logging.NullHandler())
