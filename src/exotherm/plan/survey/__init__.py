"""What a survey means for a plan: cost, delay, risk or stop, the programme, and the verdict."""
