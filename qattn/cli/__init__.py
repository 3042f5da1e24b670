"""The shell: qattn."""

from qattn.cli.run import main

__all__ = ["main"]
