"""find_all: the indices that the oracle marks, or the k best of them, of any oracle or circuit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from qiskit.circuit import Operation, QuantumCircuit

from qattn.arrays import Seed
from qattn.machines.sampler import as_machine
from qattn.machines.sparse import SparseMachine
from qattn.oracles.any_circuit import AnyCircuit, Check, OracleError, Qubits
from qattn.oracles.base import CircuitOracle, Searchable
from qattn.search.protocols import Machine, SearchOptions
from qattn.search.rounds import find_rows
from qattn.search.row import Found
from qattn.simulator.signs import index_signs

if TYPE_CHECKING:
    from qiskit.primitives import BaseSamplerV2
    from qiskit.transpiler import PassManager

AER_QUBITS = 14  # up to which a circuit takes moments on Aer


def find_all(
    oracle: Searchable | QuantumCircuit | Operation,
    *,
    check: Check | None = None,
    n: int | None = None,
    index: Qubits | None = None,
    check_oracle: bool = True,
    sampler: BaseSamplerV2 | Machine | None = None,
    pass_manager: PassManager | None = None,
    k_max: int | None = None,
    k: int | None = None,
    k_exact: int | None = None,
    delta: float = 1e-2,
    seed: Seed = None,
    objective: str = "queries",
    shots: int | None = None,
    candidates: Iterable[int] = (),
    bind: bool | None = None,
) -> Found:
    """All indices with score >= tau, or the k best, by Grover search with an unknown number of marked indices.

    A phase oracle of your own, any circuit or gate of Qiskit's with |j>|0> -> -|j>|0> where j is marked and |j>|0> ->
    |j>|0> elsewhere, is searched too: `find_all(circuit, check=is_marked)`.

    Args:
        oracle: a `ThresholdOracle`, or anything `Searchable`; or, with check, a QuantumCircuit or Gate that flips a
            sign. A circuit that computes a bit becomes one by `phase_oracle`.
        check: for a circuit: whether an index, one int, is marked; called once for each index that was measured.
        n: for a circuit: the indices are 0..n-1; 2 to the number of index qubits by default.
        index: for a circuit: the register that holds j, by name or as such, or its qubits, bit 0 first. By default the
            first register, its qubit 0 being bit 0; all qubits of a gate.
        check_oracle: for a circuit: run it on all n indices on the sparse simulator first. A circuit that leaves an
            ancilla dirty, moves an index or gives another phase than +-1 is refused, and an index that the circuit
            marks but `check` does not accept is reported in `rejected`. Without it such a circuit makes the bound void.
        sampler: any Qiskit BaseSamplerV2, `SparseSampler()`, `GroverStatistics()`; None: Aer for circuits of up to 14
            qubits, the sparse simulator for wider ones.
        pass_manager: transpiles the circuits; by default for the sampler's own backend, where it has one.
        k_max: promise that no more than k_max indices score tau or more; the search stops when it has verified them.
        k: find the k best instead, whatever the oracle's tau; equal scores rank by index.
        k_exact: promise that the oracle marks exactly so many; the search needs no proof. With objective "queries" it
            takes the fewest: about 1.1 sqrt(n k) for many, 0.67 sqrt(n) for one; with "rounds" every shot measures a
            marked index (exact amplitude amplification). Misses that contradict the promise end it: the search goes on
            to a proof, and `broken_promise` is True.
        delta: allowed probability of missing any index.
        seed: same seed, same result with `sampler=None`, `GroverStatistics()`, and samplers of Qiskit, Aer and
            qiskit-ibm-runtime that simulate from an integer seed of their own; any other sampler draws as it likes. A
            number, a numpy Generator (which moves on), or None.
        objective: "queries" (one shot a round) or "rounds" (few rounds of many shots, for hardware).
        shots: shots per round; by default 1 or 100, by the objective.
        candidates: indices to check first; those that are marked cost no query.
        bind: True sends circuits with their numbers put in, False parametrised circuits with arrays of numbers; None
            sends arrays only to samplers known to read them right.

    Returns:
        The sorted indices, why the search ended, what it cost and its miss bound.

    Raises:
        ValueError: when a number is out of range, the sampler repeats its draws (a wrapped integer seed), or a circuit
            is no phase oracle (`OracleError`, `DirtyAncillaError`, `NotDiagonalError`).
        SearchInterrupted: on Ctrl-C, with what was found.

    Cost: O(sqrt(n k)) queries to find k indices and O(sqrt(n log(1/delta))) or a little more to certify.

    Example:
        >>> from qattn import GroverStatistics, ThresholdOracle, find_all
        >>> oracle = ThresholdOracle.from_row([2, 0], [[2, 0], [0, 1], [1, 1], [0, -1]], tau=2)
        >>> find_all(oracle, sampler=GroverStatistics(), seed=1).indices.tolist()
        [0, 2]
        >>> from qiskit.circuit.library import PhaseOracleGate
        >>> found = find_all(PhaseOracleGate("(a | b) & ~c"), check=lambda j: j in (1, 2, 3), seed=1)
        >>> found.indices.tolist()
        [1, 2, 3]
    """
    options = SearchOptions(k=k, k_max=k_max, k_exact=k_exact, delta=delta, objective=objective, shots=shots, seed=seed)
    if isinstance(oracle, QuantumCircuit | Operation):
        if k is not None:
            raise OracleError("a phase oracle tells marked from unmarked and scores nothing; leave k out")
        searched: Searchable = own_oracle(oracle, check, n, index, check_oracle=check_oracle)
    elif check is None and n is None and index is None:
        searched = oracle
    else:
        raise OracleError(f"check, n and index describe a circuit; leave them out for {type(oracle).__name__}")
    wide = isinstance(searched, CircuitOracle) and searched.qubits > AER_QUBITS
    ours = sampler is None and pass_manager is None and bind is None and wide
    machine = SparseMachine() if ours else as_machine(sampler, pass_manager, bind)
    [found] = find_rows([searched], machine, options, candidates=[candidates])
    return found


def own_oracle(
    circuit: QuantumCircuit | Operation,
    check: Check | None,
    n: int | None = None,
    index: Qubits | None = None,
    *,
    check_oracle: bool = True,
) -> AnyCircuit:
    """The oracle of a user's circuit, checked on all its indices.

    Args:
        circuit: flips the sign of the marked indices.
        check: whether an index is marked.
        n: number of indices.
        index: the register that holds them.
        check_oracle: run the circuit on all of them.

    Returns:
        The oracle, to search.

    Raises:
        OracleError: when the circuit is not made of gates, or what is said of it does not fit.
        DirtyAncillaError: when it leaves an ancilla dirty.
        NotDiagonalError: when it moves an index, or gives it another phase than +-1.
    """
    if check is None:
        raise OracleError("a circuit needs check=, a function that tells whether an index, one int, is marked")
    oracle = AnyCircuit.of(circuit, check, n=n, index=index)
    if not check_oracle:
        return oracle
    try:
        return oracle.with_signs(index_signs(oracle.circuit, oracle.n))
    except MemoryError as error:
        error.add_note("check_oracle=False searches without running the circuit on all indices first")
        raise
