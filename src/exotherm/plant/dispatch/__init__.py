"""Exact dispatch: the cheapest way to serve a known demand from servers, tank and boiler."""
