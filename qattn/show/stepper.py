"""`qattn.step`: a circuit's state after each stage, branch by branch, as one interactive page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from qiskit.circuit import QuantumCircuit

from qattn.arithmetic.comparison import Comparison
from qattn.arrays import Bits, Indices
from qattn.oracles.base import CircuitOracle, Searchable, with_circuit
from qattn.oracles.threshold import ThresholdOracle
from qattn.search.grover import diffusion, uniform
from qattn.search.protocols import Job
from qattn.show.naming import Column, Namer
from qattn.show.stages import INDEX, OTHER, SCORE, Piece, cut, owners, piece, registers
from qattn.show.steps import Register, Stage, Steps
from qattn.show.trace import MOST_ROWS, NotALabel, Snapshot, trace
from qattn.synthesis.phase_synthesis import sign_circuit
from qattn.synthesis.registers import register


def step(what: Searchable | Job | QuantumCircuit, iterations: int | None = None) -> Steps:
    """Every stage of a Grover search, or of any unitary circuit, recorded on the sparse simulator.

    The gates are those of `oracle.circuit`, one after the other; its barriers, and the registers that gates work on,
    say where a stage ends. Any number of qubits, up to 4096 branches (keys).

    Args:
        what: an oracle with a circuit (`ThresholdOracle` in any form, any `CircuitOracle`), a search job, or a
            circuit; measurements at its end are left out.
        iterations: Grover iterations m of an oracle; None: 1, or those of the job.

    Returns:
        The recorded steps: `save(path)` writes the page, `frame(i)` is a figure, a notebook shows them by themselves.

    Raises:
        ValueError: when the oracle has no circuit, the circuit measures in the middle or has open parameters, the
            number of iterations is negative, or there are too many branches or stages to show.

    Example:
        >>> import qattn
        >>> oracle = qattn.ThresholdOracle.from_row([2, 0], [[2, 0], [0, 1], [1, 1], [0, -1]], 4, arithmetic="ripple",
        ...                                         lookup="unary", bits=3)
        >>> steps = qattn.step(oracle)
        >>> [stage.name for stage in steps.stages][:3]
        ['uniform start', 'start the score', 'load component 0']
        >>> round(steps.probability(len(steps) - 1), 9)
        1.0
    """
    if isinstance(what, QuantumCircuit):
        if iterations is not None:
            raise ValueError(
                f"iterations = {iterations} for a circuit, which has its own; leave it out, or give an oracle"
            )
        return _of_circuit(what)
    job = what if isinstance(what, Job) else Job(what, 1)
    m = job.iterations if iterations is None else iterations
    if m < 0:
        raise ValueError(f"iterations = {m}; give 0 or more")
    return _of_search(with_circuit(job.oracle), m, job.excluded)


def _of_search(oracle: CircuitOracle, m: int, excluded: Sequence[int]) -> Steps:
    if oracle.n > MOST_ROWS:
        raise ValueError(f"n = {oracle.n} keys; at most {MOST_ROWS} branches can be shown")
    circuit = oracle.circuit
    start = _on_index(circuit, uniform(oracle.n), "uniform start")
    reflect = _on_index(circuit, diffusion(oracle.n), "diffusion")
    iterate = cut(circuit)
    if excluded:
        signs = sign_circuit(np.isin(np.arange(1 << len(register(circuit, INDEX))), excluded))
        iterate.append(_on_index(circuit, signs, "take the sign back"))
    pieces = [start, *(m * [*iterate, reflect])]
    what = oracle.comparison if isinstance(oracle, ThresholdOracle) else None
    label, shots = _traced(pieces, circuit, [INDEX])
    done = [(i - 1) // (len(iterate) + 1) + (p is reflect) if i else 0 for i, p in enumerate(pieces)]
    rows, stages = _stages(pieces, shots, circuit, label, done, what, range(oracle.n) if label else ())
    wanted = np.setdiff1d(oracle.marked_set, np.asarray(excluded, dtype=np.int64))
    plain = None
    if what is not None and label:
        plain = (tuple((what.X @ what.A).tolist()), what.T)
        plain = plain if len(rows) == oracle.n else None
    form = f", {oracle.form}" if isinstance(oracle, ThresholdOracle) else f", {type(oracle).__name__}"
    title = f"Grover search of {oracle.n} keys, {wanted.size} marked{form}"
    marked = _marked(rows, stages, label, wanted)
    return Steps(title, _registers(circuit), label, rows, stages, oracle.n, marked, wanted.size, plain)


def _of_circuit(given: QuantumCircuit) -> Steps:
    circuit = given.remove_final_measurements(inplace=False) if given.num_clbits else given
    if circuit.parameters:
        opened = ", ".join(sorted(parameter.name for parameter in circuit.parameters))
        raise ValueError(f"the circuit has open parameters ({opened}); assign_parameters() first")
    if not circuit.num_qubits:
        raise ValueError("the circuit has no qubits, so there is nothing to show")
    pieces = [piece(circuit, [], "|0...0>", OTHER, owners(circuit)), *cut(circuit)]
    names = [own for own in registers(circuit) if own == INDEX]
    label, shots = _traced(pieces, circuit, names)
    rows, stages = _stages(pieces, shots, circuit, label, [0] * len(pieces), None, ())
    return Steps(f"{given.name}: {circuit.num_qubits} qubits", _registers(circuit), label, rows, stages,
                 marked=np.zeros(len(rows), dtype=bool))  # fmt: skip


def _on_index(like: QuantumCircuit, part: QuantumCircuit, name: str) -> Piece:
    """A stage made of a circuit on the index register."""
    circuit = like.copy_empty_like()
    circuit.global_phase = 0
    circuit.compose(part, register(circuit, INDEX)[: part.num_qubits], inplace=True)
    made = piece(like, circuit.data, name, OTHER, owners(like))
    made.circuit.global_phase = circuit.global_phase
    return made


def _traced(pieces: list[Piece], circuit: QuantumCircuit, labels: list[str]) -> tuple[str | None, list[Snapshot]]:
    """The snapshots, and the register that names their rows: of `labels` or, written out, any that can."""
    places = registers(circuit)
    for label in labels:
        try:
            return label, trace(pieces, places, label)
        except NotALabel:
            pass
    shots = trace(pieces, places, None)
    for name in places if not labels else ():
        if all(len(set(shot.words[name])) == len(shot.words[name]) for shot in shots):
            return name, shots
    return None, shots


def _stages(
    pieces: list[Piece], shots: list[Snapshot], circuit: QuantumCircuit, label: str | None, done: list[int],
    what: Comparison | None, least: Sequence[int],
) -> tuple[tuple[int, ...], tuple[Stage, ...]]:  # fmt: skip
    """Snapshots brought into rows, and named; `least`: rows there are in any case."""
    places = registers(circuit)
    keys = [shot.words[label] if label else _whole(shot, places) for shot in shots]
    rows = tuple(sorted({*least, *(key for own in keys for key in own)}))
    if len(rows) > MOST_ROWS:
        raise ValueError(f"{len(rows)} basis states occur; at most {MOST_ROWS} can be shown")
    place = {row: i for i, row in enumerate(rows)}
    namer = Namer(what, {name: len(wires) for name, wires in places.items()})
    stages: list[Stage] = []
    before: Mapping[str, Column] = {name: Column((0,) * len(rows)) for name in places}
    for own, shot, key, m in zip(pieces, shots, keys, done, strict=True):
        at = [place[k] for k in key]
        amplitudes = np.zeros(len(rows), dtype=np.complex128)
        amplitudes[at] = shot.amplitudes
        after = {}
        for name in places:
            values: list[int | None] = [None] * len(rows)
            for i, value in zip(at, shot.words[name], strict=True):
                values[i] = value
            after[name] = Column(tuple(values), name in shot.fourier)
        if own.name:
            namer.begin()
        name, note = (own.name, NOTES.get(own.name, "")) if own.name else namer.name(own, before, after)
        order = [[r for r in places if r in some] for some in (own.reads, own.writes)]
        stages.append(Stage(name, note, m, tuple(order[0]), tuple(order[1]), after, amplitudes))
        before = after
    return rows, tuple(stages)


NOTES = {
    "uniform start": "|0> -> the sum of all |j>, j < n, with equal amplitudes: every key at once",
    "diffusion": "2|u><u| - 1: each amplitude a becomes 2 mean - a, the reflection about the uniform state",
    "take the sign back": "the keys known already are marked once more, so that they are not searched for again",
    "|0...0>": "every qubit is 0",
}


def _whole(shot: Snapshot, places: Mapping[str, tuple[int, ...]]) -> list[int]:
    """Each branch's whole basis state, the first register in the highest bits, so that rows sort by it."""
    total = [0] * len(shot.amplitudes)
    for name, wires in places.items():
        total = [(so_far << len(wires)) | word for so_far, word in zip(total, shot.words[name], strict=True)]
    return total


def _registers(circuit: QuantumCircuit) -> tuple[Register, ...]:
    return tuple(Register(name, len(own), name == SCORE and len(own) > 1) for name, own in registers(circuit).items())


def _marked(rows: Sequence[int], stages: Sequence[Stage], label: str | None, wanted: Indices) -> Bits:
    """Whether each row's index is wanted."""
    index = list(rows)
    if label is None:
        for stage in stages:
            index = [i if v is None else v for i, v in zip(index, stage.columns[INDEX].values, strict=True)]
    return np.isin(np.array(index, dtype=np.int64), wanted)
