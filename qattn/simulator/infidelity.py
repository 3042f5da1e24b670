"""What one error costs: the infidelity of a reversible circuit under Pauli noise of probability p, as p -> 0.

Of all trajectories only those with a single error count to first order. So the coefficient of p is a sum over all
places where an error may happen, and it is estimated by drawing places, not trajectories: no p has to be chosen, and
rare errors cost nothing to wait for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qattn.arrays import Words
from qattn.simulator.noise import touched
from qattn.synthesis.execution import DirtyAncillaError, pack, qubit_name, unpack
from qattn.synthesis.program import CCX, CSWAP, CX, SWAP, Program, Rows
from qattn.synthesis.words import run_words

Bits = NDArray[np.bool_]


@dataclass(frozen=True)
class Infidelity:
    """Coefficients of p, with their standard errors.

    Attributes:
        places: qubits touched, summed over all gates: where an error may happen.
        value: 1 - <ideal|rho|ideal>, the ancillas traced out.
        error: its standard error.
        clean: the same where all ancillas are measured and found in |0>.
        clean_error: its standard error.
        lost: probability that some ancilla is found in |1>.
    """

    places: int
    value: float
    error: float
    clean: float
    clean_error: float
    lost: float


def infidelity(
    program: Program,
    n: int,
    keep: Sequence[str],
    *,
    samples: int = 1000,
    seed: int | np.random.Generator = 0,
) -> Infidelity:
    """Infidelity of a circuit on n^(-1/2) sum_j |j>|0>, to first order in the probability of X, Y or Z after a gate.

    Args:
        program: of X, CX, CCX, SWAP, CSWAP, Z and CZ, with a register `index`; ancillas end in |0>.
        n: number of indices.
        keep: registers that hold the result; all others are ancillas.
        samples: places drawn.
        seed: of the draws.

    Raises:
        DirtyAncillaError: when an ancilla is not |0> at the end without any error.
    """
    rng = np.random.default_rng(seed)
    run = _Run.start(program, n, keep)
    after, qubits = touched(program)
    chosen = rng.integers(after.size, size=samples)
    sites, letters = chosen[np.argsort(after[chosen])], rng.integers(3, size=samples)
    losses, clean, lost = np.empty(samples), np.empty(samples), np.empty(samples)
    for k, (site, letter) in enumerate(zip(sites.tolist(), letters.tolist(), strict=True)):
        losses[k], clean[k], lost[k] = run.with_error(int(after[site]), int(qubits[site]), "XYZ"[letter])
    scale = float(after.size)
    spread = scale / np.sqrt(samples)
    return Infidelity(
        after.size, scale * float(losses.mean()), spread * float(losses.std()), scale * float(clean.mean()),
        spread * float(clean.std()), scale * float(lost.mean()),
    )  # fmt: skip


def written_out(program: Program) -> Program:
    """The same with every SWAP as three CNOTs, every CSWAP as a Toffoli between two, as costs are counted."""
    rows: list[Rows] = []
    ops = program.ops
    swaps = np.flatnonzero(np.isin(ops[:, 0], (SWAP, CSWAP)))
    done = 0
    for i in swaps.tolist():
        rows.append(ops[done:i])
        code, control, a, b = (int(x) for x in ops[i])
        middle = (CX, b, b, a) if code == SWAP else (CCX, control, b, a)
        outer = (CX, a, a, b)
        rows.append(np.array([outer, middle, outer], dtype=np.int32))
        done = i + 1
    rows.append(ops[done:])
    out = np.concatenate(rows)
    return replace(program, ops=out, helper=np.zeros(len(out), dtype=np.bool_))


@dataclass(eq=False)
class _Run:
    """The circuit without errors, as far as it has gone, and its end."""

    program: Program
    n: int
    planes: Words
    signs: Words
    valid: Words
    kept: list[int]
    final: Words
    final_signs: Words
    names: NDArray[np.uint64]
    position: int = 0

    @classmethod
    def start(cls, program: Program, n: int, keep: Sequence[str]) -> _Run:
        valid = pack(np.ones(n, dtype=bool))
        planes = np.zeros((program.qubits, valid.size), np.uint64)
        for i, row in enumerate(program.registers["index"]):
            planes[row] = pack(np.arange(n) >> i & 1)
        signs = np.zeros_like(valid)
        names = np.random.default_rng(0).integers(1, 2**63, size=program.qubits, dtype=np.uint64)
        kept = [row for name in keep for row in program.registers[name]]
        run = cls(program, n, planes, signs, valid, kept, planes.copy(), signs.copy(), names)
        run._advance(run.final, run.final_signs, 0, len(program))
        dirty = [row for row in np.flatnonzero(run.final.any(axis=1)).tolist() if row not in set(kept)]
        if dirty:
            raise DirtyAncillaError(f"qubit {qubit_name(program.registers, dirty[0])} is left in |1> without an error")
        return run

    def with_error(self, after: int, qubit: int, letter: str) -> tuple[float, float, float]:
        """(infidelity, infidelity and clean, unclean) with one error; errors must come in order."""
        self._advance(self.planes, self.signs, self.position, after + 1)
        self.position = after + 1
        planes, signs = self.planes.copy(), self.signs.copy()
        if letter != "Z":
            planes[qubit] ^= self.valid
        if letter != "X":
            signs ^= planes[qubit]
        self._advance(planes, signs, after + 1, len(self.program))
        planes ^= self.final
        signs ^= self.final_signs
        right, traces = np.ones(self.n, dtype=bool), np.zeros(self.n, np.uint64)
        kept = set(self.kept)
        for row in np.flatnonzero(planes.any(axis=1)).tolist():
            bits = unpack(planes[row], self.n)
            if row in kept:
                right &= ~bits
            else:
                traces ^= np.where(bits, self.names[row], np.uint64(0))
        values = 1.0 - 2.0 * unpack(signs, self.n)
        _, groups = np.unique(traces, return_inverse=True)
        sums = np.bincount(groups[right], weights=values[right]) / self.n
        clean = traces == 0
        overlap = float(values[right & clean].sum() / self.n) ** 2
        return 1 - float(sums @ sums), float(clean.mean()) - overlap, 1 - float(clean.mean())

    def _advance(self, planes: Words, signs: Words, start: int, stop: int) -> None:
        ops, held = self.program.ops, np.full(self.program.qubits, -1, np.int32)
        run_words(ops, self.program.wires, start, stop, planes, self.valid.size, signs, self.valid, held)
