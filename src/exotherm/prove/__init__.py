"""Prove: the energy and carbon of a month, and the evidence by which a stranger recomputes both."""
