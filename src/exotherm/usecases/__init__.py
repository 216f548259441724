"""Use cases: load, decide (pure), save; each a verb of the business across the rooms."""
