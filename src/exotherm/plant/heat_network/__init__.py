"""A heat network's plant: its pipes, what its buildings take, what its sources may give."""
