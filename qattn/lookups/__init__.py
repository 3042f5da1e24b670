"""Lookups of classical data, |j>|0> -> |j>|word_j>."""
