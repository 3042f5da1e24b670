"""Attack what is promised: every line holds a stated bound against how often it was broken.

    python benchmarks/adversary.py --json              all sections, minutes
    python benchmarks/adversary.py --section samplers --quick

A line passes when the count does not speak against its bound: binomial p > .001. The exit code is 1 when a line fails.
A section is a function (quick: bool) -> Iterator[Line] in a module of its own in `promises/`, and one entry here.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable

from adversary_errors import Line as Error
from adversary_errors import lines as errors
from promises.line import Line
from promises.samplers import samplers

SECTIONS: dict[str, Callable[[bool], Iterable[Line | Error]]] = {"samplers": samplers, "errors": errors}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--section", choices=SECTIONS, action="append", help="only this one; may be given again")
    parser.add_argument("--quick", action="store_true", help="fewer trials, as in `make test`")
    parser.add_argument("--json", action="store_true", help="one JSON object, instead of a line each")
    options = parser.parse_args()
    facts: dict[str, list[dict[str, object]]] = {}
    start = time.perf_counter()
    for name in options.section or SECTIONS:
        facts[name] = []
        for line in SECTIONS[name](options.quick):
            facts[name].append(line.to_dict())
            print(line, file=sys.stderr if options.json else sys.stdout, flush=True)
    passed = all(line["passed"] for lines in facts.values() for line in lines)
    if options.json:
        print(json.dumps({"passed": passed, "seconds": round(time.perf_counter() - start), **facts}, indent=1))
    else:
        print("passed" if passed else "FAILED")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
