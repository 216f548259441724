"""The store: append-only samples, events and issued documents. The only SQL."""
