"""Ground: units, money, periods, registers, findings. No I/O, no clock, imports nothing of ours."""
