"""BACnet/IP: what a building's own control tells and takes."""
