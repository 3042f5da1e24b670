"""Section "samplers": no sampler makes a search miss more than its bound says, also one that repeats its draws."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import product
from multiprocessing import get_context
from typing import Any

import numpy as np
from qiskit.primitives import BackendSamplerV2, BaseSamplerV2, StatevectorSampler
from qiskit_aer import AerSimulator
from qiskit_aer.primitives import SamplerV2

from promises.line import Line
from qattn import ThresholdOracle, attend_heads, find_all

DELTA = 0.02
SEARCHES, QUICK = 200, 12  # trials a line
PARTS = {"heads with masks": 4}  # a call of attend_heads is as long as that many searches


class SeededSubclass(StatevectorSampler):
    """A user's own sampler, seeded once and for all."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed=seed)


class AerSubclass(SamplerV2):
    """A user's Aer with a default of its own."""

    def __init__(self) -> None:
        super().__init__(default_shots=100)


class Wrapper(BaseSamplerV2):
    """A user's sampler around another: counts the jobs."""

    def __init__(self, inner: BaseSamplerV2) -> None:
        self.inner, self.jobs = inner, 0

    def run(self, pubs: Any, *, shots: int | None = None) -> Any:
        """Hand the PUBs on."""
        self.jobs += 1
        return self.inner.run(pubs, shots=shots)


def executor() -> BaseSamplerV2:
    """IBM's sampler on a local simulator."""
    from qiskit_ibm_runtime.executor_sampler import Sampler

    return Sampler(mode=AerSimulator())


@dataclass(frozen=True)
class Candidate:
    """A kind of sampler.

    Attributes:
        make: from a seed, which those without one ignore.
        repeats: whether it repeats its draws, so that it may be refused.
    """

    make: Callable[[int], BaseSamplerV2 | None]
    repeats: bool = False


CANDIDATES = {
    "None": Candidate(lambda seed: None),
    "StatevectorSampler(seed=int)": Candidate(lambda seed: StatevectorSampler(seed=seed), True),
    "StatevectorSampler(seed=Generator)": Candidate(lambda seed: StatevectorSampler(seed=np.random.default_rng(seed))),
    "Aer SamplerV2(seed=int)": Candidate(lambda seed: SamplerV2(seed=seed), True),
    "BackendSamplerV2(seed_simulator=int)": Candidate(
        lambda seed: BackendSamplerV2(backend=AerSimulator(), options={"seed_simulator": seed}), True
    ),
    "seeded subclass": Candidate(SeededSubclass, True),
    "Aer subclass": Candidate(lambda seed: AerSubclass()),
    "Aer wrapper": Candidate(lambda seed: Wrapper(SamplerV2())),
    "executor_sampler over Aer": Candidate(lambda seed: executor()),
    "wrapper of StatevectorSampler(seed=int)": Candidate(lambda seed: Wrapper(StatevectorSampler(seed=seed)), True),
    "wrapper of Aer SamplerV2(seed=int)": Candidate(lambda seed: Wrapper(SamplerV2(seed=seed)), True),
}

Verdict = tuple[float, bool, bool]  # the stated bound, whether a key was missed, whether one is wrong


def compare(found: Any, truth: Any, bound: float) -> Verdict:
    """One search against brute force."""
    found, truth = set(map(int, found)), set(map(int, truth))
    return bound, bool(truth - found), bool(found - truth)


def instance(seed: int) -> tuple[ThresholdOracle, np.ndarray, np.random.Generator]:
    """8 keys of one component, 0 to 2 of them at the threshold; the oracle and the members."""
    rng = np.random.default_rng((seed, 11))
    K = np.zeros((8, 1))
    members = rng.choice(8, size=rng.integers(3), replace=False)
    K[members] = 1
    return ThresholdOracle.from_row([1.0], K, 1.0), members, rng


def threshold(sampler: Any, seed: int) -> Verdict:
    """All keys at the threshold, nothing promised."""
    oracle, members, _ = instance(seed)
    found = find_all(oracle, sampler=sampler, delta=DELTA, seed=seed)
    return compare(found.indices, members, found.miss_bound)


def promise(sampler: Any, seed: int) -> Verdict:
    """The same with a promise that holds, with equality or one to spare."""
    oracle, members, rng = instance(seed)
    found = find_all(oracle, sampler=sampler, delta=DELTA, seed=seed, k_max=len(members) + int(rng.integers(2)))
    return compare(found.indices, members, found.miss_bound)


def top_k(sampler: Any, seed: int) -> Verdict:
    """The two best of 4 to 6 keys without ties."""
    rng = np.random.default_rng((seed, 12))
    K = rng.choice(np.arange(-4, 4), size=(rng.integers(4, 7), 1), replace=False)
    found = find_all(ThresholdOracle.from_row([1.0], K, 0.0, bits=3), sampler=sampler, delta=DELTA, seed=seed, k=2)
    bound, missed, _ = compare(found.indices, np.argsort(-K[:, 0])[:2], found.miss_bound)
    return bound, missed, False  # the third best stands in for one that was missed


def rounds(sampler: Any, seed: int) -> Verdict:
    """Few jobs of several shots."""
    oracle, members, _ = instance(seed)
    found = find_all(oracle, sampler=sampler, delta=DELTA, seed=seed, objective="rounds", shots=5)
    return compare(found.indices, members, found.miss_bound)


def masked_heads(sampler: Any, seed: int) -> Verdict:
    """Two heads of three rows under any mask; a call has missed when a row has."""
    rng = np.random.default_rng((seed, 13))
    Q, K, V = (rng.integers(1, 3, (2, 3, 1)), rng.integers(-1, 2, (2, 6, 1)), rng.normal(size=(2, 6, 1)))
    mask = rng.random((2, 3, 6)) < 0.8
    result = attend_heads(Q, K, V, 2.0, mask=mask, bits=2, delta=DELTA, seed=seed, sampler=sampler)
    allowed = (Q @ K.swapaxes(1, 2) >= 2) & mask
    bound = getattr(result, "miss_bound", None)
    if bound is None:  # a version that states it for each part only
        bound = min(1.0, sum(part.result.miss_bound for part in result.parts))
    rows = [
        compare(found, np.flatnonzero(allowed[head][row]), 0)
        for head, sets in result.found.items()
        for row, found in enumerate(sets)
    ]
    return bound, any(missed for _, missed, _ in rows), any(wrong for _, _, wrong in rows)


TASKS = {"threshold": threshold, "promise": promise, "top-k": top_k, "rounds": rounds, "heads with masks": masked_heads}


def samplers(quick: bool) -> Iterator[Line]:
    """Every sampler on every task; a fresh instance and a fresh sampler each time."""
    pairs = list(product(TASKS, CANDIDATES))
    trials = [(QUICK if quick else SEARCHES) // PARTS.get(task, 1) for task, _ in pairs]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        yield from pool.map(line, *zip(*pairs, strict=True), trials)


def line(task: str, name: str, trials: int) -> Line:
    """Missed searches against their stated bounds, or the refusal."""
    claim, search, candidate, verdicts = f"{task}, {name}", TASKS[task], CANDIDATES[name], []
    for seed in range(trials):
        try:
            verdicts.append(search(candidate.make(seed), seed))
        except ValueError as error:
            return Line(claim, 0.0, 0, 0, refused=str(error), may_refuse=candidate.repeats)
        except Exception as error:  # whatever a sampler dies of, the other lines are wanted too
            return Line(claim, 0.0, 0, 0, refused=f"{type(error).__name__}: {error}")
    bounds, missed, wrong = zip(*verdicts, strict=True)
    # Not the mean: a search that ends with all that was promised states 0, its like that misses a key does not.
    return Line(claim, max(bounds), sum(missed), trials, sum(wrong), may_refuse=candidate.repeats)
