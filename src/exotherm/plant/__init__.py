"""The plant: one step function for study, twin, forecast and evidence alike."""
