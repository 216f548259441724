"""The survey of a hosting site and a customer's building: what stands in the way of the plant."""
