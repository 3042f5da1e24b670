"""From an oracle to all its marked indices, with a proven miss bound (Theorem 3.1)."""
