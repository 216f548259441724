"""Operating: what a meter's answer is worth, and the twin that stands in for a plant. Pure."""
