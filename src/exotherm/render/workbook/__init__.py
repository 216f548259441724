"""The study as a workbook whose formulas recompute its money."""
