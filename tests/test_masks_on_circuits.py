"""Causal, padded and cross-attention on Aer: brute force in `found`, prefix rows on circuits of the prefix's size."""

from collections.abc import Sequence

import numpy as np
import pytest

from qattn.heads import attend_heads
from qattn.machines.circuits import Circuits
from qattn.machines.sampler import as_machine
from qattn.scores import scores
from qattn.search.protocols import Job
from qattn.synthesis.registers import index_bits

DELTA = 1e-6  # allowed miss probability where a test compares with brute force


class Recorder:
    """Aer, with the sizes of the circuits it ran: (indices, bits of their register) per job."""

    def __init__(self) -> None:
        self.aer, self.circuits = as_machine(None), Circuits()
        self.sizes: set[tuple[int, int]] = set()

    def run(self, jobs: Sequence[Job]) -> list[np.ndarray]:
        for job in jobs:
            registers = self.circuits.template(job).circuit.qregs
            self.sizes |= {(job.oracle.n, register.size) for register in registers if register.name == "index"}
        return self.aer.run(jobs)


def integers(seed, lead, n_q, n, d=2):
    """Small integers: few bits, many ties."""
    rng = np.random.default_rng(seed)
    return (
        rng.integers(-3, 4, size=(*lead, n_q, d)).astype(float),
        rng.integers(-3, 4, size=(*lead, n, d)).astype(float),
        rng.normal(size=(*lead, n, 2)),
    )


def brute(q, K, allowed, tau, k):
    """S_i among the allowed keys, by definition."""
    keys = np.flatnonzero(allowed)
    s = scores(q, K[keys])
    if tau is not None:
        return keys[s >= tau]
    return np.sort(keys[np.lexsort((keys, -s))[:k]])


CASES = {
    "causal": ((), 6, 6, None, True),
    "causal after a cache": ((), 2, 7, None, True),
    "padded batch": ((2, 1), 3, 6, np.array([[[[1, 1, 1, 1, 1, 0]]], [[[1, 1, 1, 0, 0, 0]]]], dtype=bool), False),
    "causal and left padded": ((), 5, 5, np.array([0, 0, 1, 1, 1], dtype=bool), True),
    "cross-attention": ((), 2, 5, None, False),
}


@pytest.mark.parametrize("wanted", [{"tau": 3.0}, {"k": 2}], ids=["tau", "top-k"])
@pytest.mark.parametrize("case", CASES)
def test_found_equals_brute_force(case: str, wanted: dict) -> None:
    lead, n_q, n, mask, causal = CASES[case]
    Q, K, V = integers(len(case), lead, n_q, n)
    machine = Recorder()
    result = attend_heads(Q, K, V, mask=mask, causal=causal, sampler=machine, delta=DELTA, bits=3, seed=3, **wanted)
    allowed = np.ones((n_q, n), dtype=bool) if mask is None else mask
    if causal:
        allowed = allowed & (np.arange(n) <= np.arange(n_q)[:, None] + n - n_q)
    allowed = np.broadcast_to(allowed, (*lead, n_q, n))
    for head, rows in result.found.items():
        for i, js in enumerate(rows):
            expected = brute(Q[head][i], K[head], allowed[head][i], wanted.get("tau"), wanted.get("k"))
            assert js.tolist() == expected.tolist()
    seen = {int(count) for count in allowed.sum(axis=-1).ravel()}
    assert machine.sizes
    assert {size for size, _ in machine.sizes} <= seen
    assert all(bits == index_bits(size) for size, bits in machine.sizes)
    if case == "causal" and "tau" in wanted:
        assert len(machine.sizes) > 2
