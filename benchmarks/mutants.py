"""Faults that the tests must see: each is written into a copy of the tree, and the tests named beside it have to fail.

A mutant is one replacement of text. If its text is gone, or stands there more than once, that is an error: the line has
moved, and the mutant moves along. The tests run once without any fault first, so that a failure means the fault.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("qattn", "tests", "pyproject.toml", "README.md")
FAILED = 1  # what pytest exits with when tests ran and some failed; anything else is no verdict


@dataclass(frozen=True)
class Mutant:
    """One fault: in `file`, `old` becomes `new`; of `tests`, some must fail."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


MUTANTS = (
    Mutant(
        "top-k uses the plans of a fixed threshold",
        "qattn/search/row.py",
        "schedule = FallingSchedule.start(n, limit, delta, best=best, shots=shots, longest=longest, drawn=drawn)",
        "schedule = Schedule.start(n, limit, delta, shots=shots, longest=longest)",
        ("tests/search/test_falling.py::test_a_row_of_top_k_is_covered_on_any_path",),
    ),
    Mutant(
        "the falling bound leaves out a count",
        "qattn/search/plan.py",
        "np.log1p(-miss_profile(n, k_max, plan)).sum()",
        "np.log1p(-miss_profile(n, k_max, plan)[1:]).sum()",
        ("tests/search/test_falling.py::test_the_bound_is_the_path_that_meets_every_count",),
    ),
    Mutant(
        "the bound leaves out the certificate",
        "qattn/search/schedule.py",
        "return (CERTIFICATE + FALLBACK) * delta",
        "return FALLBACK * delta",
        ("tests/search/test_schedule.py::test_the_bound_holds_for_every_count_and_every_end",),
    ),
    Mutant(
        "a row that kept its promise takes no chance",
        "qattn/search/row.py",
        "bound = 1.0 if ended in UNFINISHED else self.schedule.miss_bound",
        'bound = self.schedule.miss_bound if ended == "certified" else float(ended in UNFINISHED)',
        ("tests/search/test_rounds.py::test_the_bounds_of_many_rows_add_up_to_their_chance",),
    ),
    Mutant(
        "Max-IP drops the bounds of earlier rounds",
        "qattn/maxip.py",
        "best.miss_bound + reply.miss_bound",
        "reply.miss_bound",
        ("tests/test_maxip.py::test_the_bound_is_the_sum_over_all_searches_also_those_that_found_something",),
    ),
    Mutant(
        "Max-IP's last round states its last search alone",
        "qattn/maxip.py",
        "sum(reply.miss_bound for reply in replies)",
        "replies[-1].miss_bound",
        ("tests/test_maxip.py::test_a_last_round_that_chains_searches_counts_them_all",),
    ),
    Mutant(
        "known pairs keep their marks",
        "qattn/arithmetic/pairs.py",
        "for wire in (answer, *slots)]",
        "for wire in (answer,)]",
        ("tests/arithmetic/test_pairs.py::test_the_whole_of_it_with_known_keys_and_prefixes",),
    ),
    Mutant(
        "the proof of a matrix is as loose as its rows",
        "qattn/search/matrix.py",
        "oracle, options.delta, shots",
        "oracle, options.share(1), shots",
        ("tests/search/test_matrix.py::test_a_call_misses_no_more_than_delta_and_its_loose_rows_do",),
    ),
    Mutant(
        "what loose rows missed is not searched for",
        "qattn/machines/row_search.py",
        "if not unproven(found):",
        "if unproven(found):",
        ("tests/search/test_matrix.py::test_a_call_misses_no_more_than_delta_and_its_loose_rows_do",),
    ),
    Mutant(
        "the second stage is as loose as the first",
        "qattn/machines/coarse_search.py",
        "search_states(replace(search, known=",
        "search_states(replace(search, options=first.options, known=",
        (
            "tests/machines/test_coarse_search.py::test_a_row_misses_no_more_often_than_it_may_and_the_first_stage_alone_does",
        ),
    ),
    Mutant(
        "both stages draw the same random numbers",
        "qattn/machines/coarse_search.py",
        "spawn_key=(*root.spawn_key, FIRST)",
        "spawn_key=root.spawn_key",
        ("tests/machines/test_coarse_search.py::test_the_stages_draw_other_random_numbers",),
    ),
    Mutant(
        "all heads draw the same random numbers",
        "qattn/heads.py",
        "(heads, (number, block), *part)",
        "(heads, (block,), *part)",
        ("tests/test_heads.py::test_every_head_and_block_has_its_own_random_numbers",),
    ),
    Mutant(
        "every head and block spends the whole delta",
        "qattn/heads.py",
        "delta=delta * (count * rows.size / searched)",
        "delta=delta",
        ("tests/test_heads.py::test_delta_is_shared_by_rows_and_the_parts_add_up",),
    ),
    Mutant(
        "standard errors as if keys were drawn with repetition",
        "qattn/approximation/far_field.py",
        " * (1 - m / population)",
        "",
        ("tests/approximation/test_far_field.py::test_standard_errors_know_that_keys_are_drawn_once",),
    ),
    Mutant(
        "a run of m iterations counts m + 1 queries",
        "qattn/search/row.py",
        "sum(job.iterations * len(ran) for",
        "sum((job.iterations + 1) * len(ran) for",
        ("tests/search/test_rounds.py::test_the_queries_reported_are_those_the_machine_ran",),
    ),
    Mutant(
        "half-space reporting by products counts what it reports",
        "qattn/classical/halfspace.py",
        "np.full(len(Q), len(self.points)), NONE)",
        "np.zeros(len(Q), np.int64), NONE)",
        ("tests/test_attention.py::test_halfspace_by_products_reports_all_pairs",),
    ),
)


def copy_tree(target: Path) -> None:
    """What the tests need of this tree, without compiled files, which would hide a change."""
    ignore = shutil.ignore_patterns("__pycache__", "*.pyc", "*.nbi", "*.nbc")
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, target / part, ignore=ignore)
        else:
            shutil.copy(source, target / part)


def pytest_status(tree: Path, tests: Sequence[str]) -> tuple[int, str]:
    """Exit status of pytest on the package of that tree and no other, and what it says of failures."""
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "not slow", *tests]
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    lines = done.stdout.strip().splitlines() or [done.stderr.strip()]
    return done.returncode, "; ".join([line for line in lines if line.startswith(("FAILED", "ERROR"))] or lines[-1:])


def verdict(mutant: Mutant, tree: Path) -> str:
    """Killed, survived, or why there is no verdict."""
    path = tree / mutant.file
    text = path.read_text()
    count = text.count(mutant.old)
    if count != 1:
        return f"error: {mutant.file} holds its text {count} times, not once; move the mutant along"
    path.write_text(text.replace(mutant.old, mutant.new))
    try:
        status, last = pytest_status(tree, mutant.tests)
    finally:
        path.write_text(text)
    return {0: "survived", FAILED: "killed"}.get(status, f"error: pytest gave status {status}: {last}")


def run(mutants: Sequence[Mutant]) -> list[dict[str, object]]:
    """The verdict on each mutant.

    Raises:
        SystemExit: when the tests fail without any fault.
    """
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        copy_tree(tree)
        tests = sorted({test for mutant in mutants for test in mutant.tests})
        status, last = pytest_status(tree, tests)
        if status:
            raise SystemExit(f"the tests fail without any fault: {last}")
        rows = []
        for mutant in mutants:
            rows.append({**asdict(mutant), "verdict": verdict(mutant, tree)})
            print(f"{rows[-1]['verdict']:10}{mutant.name} ({mutant.file})", file=sys.stderr, flush=True)
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="only mutants whose name or file holds one of these words")
    parser.add_argument("--quick", action="store_true", help="the same: all of them take a minute or two")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    chosen = [m for m in MUTANTS if not given.names or any(word in m.name + m.file for word in given.names)]
    if not chosen:
        parser.error(f"no mutant is called {' or '.join(given.names)}")
    rows = run(chosen)
    killed = sum(row["verdict"] == "killed" for row in rows)
    print(json.dumps({"killed": killed, "mutants": rows}) if given.json else f"{killed} of {len(rows)} mutants killed")
    return int(killed < len(rows))


if __name__ == "__main__":
    sys.exit(main())
