"""The classical half: exact scores, half-space reporting (Algorithms 3 and 4), Max-IP (Section 8)."""
