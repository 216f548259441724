"""The study: a year of the plant, what it earns, and whether it is worth building."""
