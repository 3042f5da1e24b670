"""Sections of `adversary.py`, one module each."""
