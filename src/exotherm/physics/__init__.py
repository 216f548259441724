"""Nature: pure functions on floats and arrays, each with its equation, units and source."""
