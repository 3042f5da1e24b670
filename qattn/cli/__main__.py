"""python -m qattn.cli."""

from qattn.cli.run import main

main()
