"""Comply: which duties follow from a project by country, threshold and date; rules are data."""
