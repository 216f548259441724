"""Data from outside: weather and utilisation as others publish them."""
