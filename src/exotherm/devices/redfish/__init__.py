"""Redfish: servers and rack PDUs by their service controllers."""
