"""Versions in two currencies."""

from two_versions import findings_of_version

ABOUT = "The versions count in different currencies, so their amounts are not compared."


def findings():
    return findings_of_version(
        ('currency       = "EUR"', 'currency = "CHF"'),
        ('currency   = "EUR"', 'currency = "CHF"'),
        ("version      = 1", f'version = 2\nprevious_hash = "{"0" * 64}"'),
    )
