"""From circuits to what simulators, counters and other tools read."""
