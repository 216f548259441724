"""SNMP v2c and v3: rack PDUs by their private MIBs."""
