"""Two versions that are no neighbours."""

from two_versions import findings_of_version

ABOUT = "Two versions are compared of which one does not follow the other."


def findings():
    return findings_of_version(
        ("version      = 1", f'version = 4\nprevious_hash = "{"0" * 64}"'),
        ("price_per_kwh = 0.0680", "price_per_kwh = 0.0700"),
    )
