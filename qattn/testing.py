"""Checks that every circuit of the package must pass; also for circuits of your own.

A circuit is given all the basis states it claims at once, in one superposition with known amplitudes, and its output is
compared amplitude by amplitude: every input, every phase, every ancilla is seen in a single run.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit import QuantumCircuit

from qattn.synthesis.program import MATRIX, MEASURE, PHASE, UNITARY, Program

Basis = Mapping[str, int]


def assert_maps(
    circuit: QuantumCircuit,
    inputs: Sequence[Basis],
    outputs: Sequence[Basis],
    *,
    phases: Sequence[complex] | None = None,
    inverse: bool = True,
    atol: float = 1e-9,
) -> None:
    """Assert that the circuit takes each basis state to its image, exact phase included, and its inverse back.

    Args:
        circuit: without measurements or open parameters.
        inputs: per basis state, register name -> integer (little-endian); registers left out are |0>.
        outputs: the images, in the same order; registers left out must be back in |0>.
        phases: the factor each image carries; 1 by default.
        inverse: check the inverse circuit too.
        atol: tolerance on an amplitude relative to the input's.

    Raises:
        AssertionError: names the first basis state that went elsewhere and where the weight is instead.
    """
    if len(inputs) != len(outputs):
        raise ValueError(f"{len(inputs)} inputs but {len(outputs)} outputs")
    factors = np.ones(len(inputs), dtype=complex) if phases is None else np.asarray(phases, dtype=complex)
    rng = np.random.default_rng(len(inputs))
    weights = rng.uniform(0.5, 1, len(inputs)) * np.exp(2j * np.pi * rng.random(len(inputs)))
    weights /= np.linalg.norm(weights)
    start = np.array([basis_index(circuit, b) for b in inputs])
    end = np.array([basis_index(circuit, b) for b in outputs])
    _compare(circuit, start, weights, end, weights * factors, atol)
    if inverse:
        _compare(circuit.inverse(), end, weights * factors, start, weights, atol)


def assert_same_gates(left: Program, right: Program) -> None:
    """Assert that two programs do the same operations in the same order on the same qubits and registers.

    Args:
        left: a program.
        right: the other.

    Raises:
        AssertionError: names the first operation that differs.
    """
    for i, (ours, theirs) in enumerate(zip(_operations(left), _operations(right), strict=False)):
        if ours != theirs:
            raise AssertionError(f"operation {i} is {ours} in one and {theirs} in the other")
    facts = [(p.qubits, p.clbits, len(p), p.gates, dict(p.registers), p.terms) for p in (left, right)]
    for name, ours, theirs in zip(_FACTS, *facts, strict=True):
        if ours != theirs:
            raise AssertionError(f"{name}: {ours} in one and {theirs} in the other")
    turn = left.phase - right.phase
    if turn and abs(math.remainder(float(turn), math.tau)) > 1e-9:
        raise AssertionError(f"global phase: {left.phase} in one and {right.phase} in the other")


_FACTS = ("qubits", "classical bits", "operations", "gates", "registers", "conditions")


def basis_index(circuit: QuantumCircuit, values: Basis) -> int:
    """The statevector index of a basis state given by register values; registers left out are |0>.

    Args:
        circuit: whose registers are meant.
        values: register name -> integer, little-endian.

    Returns:
        The position of its amplitude.

    Raises:
        ValueError: when the circuit has no such register.
    """
    offsets = {register.name: (circuit.find_bit(register[0]).index, len(register)) for register in circuit.qregs}
    index = 0
    for name, value in values.items():
        if name not in offsets:
            raise ValueError(f"the circuit has no register {name!r}; it has {', '.join(offsets)}")
        offset, size = offsets[name]
        index |= (value % (1 << size)) << offset
    return index


def statevector(circuit: QuantumCircuit, start: NDArray[np.complex128] | None = None) -> NDArray[np.complex128]:
    """The circuit's output state on Aer, from |0...0> or from `start`; qubit 0 is the lowest bit of the position.

    Args:
        circuit: without measurements or open parameters.
        start: (2^qubits,) the state it starts from; |0...0> by default.

    Returns:
        (2^qubits,) amplitudes, global phase included.
    """
    from qiskit import transpile

    from qattn.machines.apart import load_aer

    load_aer()
    from qiskit_aer import AerSimulator
    from qiskit_aer.library import SaveStatevector, SetStatevector

    whole = QuantumCircuit(circuit.num_qubits)
    if start is not None:
        whole.append(SetStatevector(start), whole.qubits)
    flat = QuantumCircuit(circuit.num_qubits)
    flat.compose(circuit, flat.qubits, inplace=True)
    backend = AerSimulator(method="statevector", fusion_enable=False)
    whole.compose(transpile(flat, backend, optimization_level=0), inplace=True)
    whole.append(SaveStatevector(whole.num_qubits), whole.qubits)
    phase, whole.global_phase = float(whole.global_phase), 0.0  # Aer applies it before SetStatevector, which drops it
    final = np.asarray(backend.run(whole, shots=1).result().data(0)["statevector"])
    return np.asarray(np.exp(1j * phase) * final, dtype=np.complex128)


def _operations(program: Program) -> Iterator[tuple[object, ...]]:
    """Code, qubits, and the angle, matrix or jump of each operation."""
    for i, (code, a, b, t) in enumerate(program.ops.tolist()):
        detail: object = (a, b, t) if code >= MEASURE else None
        if code == PHASE:
            detail = program.open_angles.get(t, float(program.angles[t]))
        elif code == UNITARY:
            detail = program.open_gates[t].params if t in program.open_gates else program.matrices[t].tolist()
        elif code == MATRIX:
            detail = program.blocks[t].tolist()
        yield code, program.operands(i), detail


def _compare(
    circuit: QuantumCircuit,
    start: NDArray[np.int64],
    before: NDArray[np.complex128],
    end: NDArray[np.int64],
    after: NDArray[np.complex128],
    atol: float,
) -> None:
    state = np.zeros(2**circuit.num_qubits, dtype=complex)
    state[start] = before
    result = statevector(circuit, state)
    expected = np.zeros_like(state)
    expected[end] = after
    wrong = np.abs(result - expected)
    if wrong.max() <= atol:
        return
    case = int(np.argmax(np.abs(result[end] - after)))
    where = int(np.argmax(wrong))
    raise AssertionError(
        f"basis state {start[case]:b} should go to {end[case]:b} with amplitude {after[case]:.6f}, "
        f"got {result[end[case]]:.6f}; largest deviation {wrong.max():.2e} is at {where:b}"
    )
