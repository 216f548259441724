"""Outside world: the only sockets to plant. M-Bus heat meters and Modbus TCP plant rooms."""
