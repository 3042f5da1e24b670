"""Circuits as such: registers, gates that are undone by measurement, execution on basis states, cost, OpenQASM."""
