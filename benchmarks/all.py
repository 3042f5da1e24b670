"""`make bench`: the light form of every benchmark, one after another; a failing one fails the whole."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Run every benchmark beside this file with --quick."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    failed = []
    for script in sorted(Path(__file__).parent.glob("*.py")):
        if script.name in ("all.py", "common.py"):
            continue
        print(f"\n== {script.name} --quick", flush=True)
        if subprocess.run([sys.executable, str(script), "--quick"], check=False).returncode:
            failed.append(script.name)
    print(f"\nfailed: {', '.join(failed)}" if failed else "\nall benchmarks ran")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
