"""The hash of another version is named."""

from two_versions import findings_of_version

ABOUT = (
    "A version names another hash than that of the version before it: it was made from other terms."
)


def findings():
    return findings_of_version(
        ("version      = 1", f'version = 2\nprevious_hash = "{"0" * 64}"'),
        ("price_per_kwh = 0.0680", "price_per_kwh = 0.0700"),
    )
