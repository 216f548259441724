"""SNMP v2c and v3: rack PDUs by their private MIBs."""

import logging

# pysnmp stumbles over datagrams that are no SNMP, inside a callback of asyncio, which prints that
# with its traceback. To whoever asked they are silence, and that is told as such.
logging.getLogger("asyncio").addFilter(lambda record: "pysnmp" not in record.getMessage())
