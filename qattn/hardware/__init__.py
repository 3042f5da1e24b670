"""Runs on IBM Quantum and on simulations of its processors: compiled, forecast, resumable."""
