"""From numbers to a circuit: encoding, lookups, inner products, the threshold oracle, its cost."""
