"""The gallery: compiled circuits as OpenQASM, with drawings and a table of costs, for people with other tools.

Every file is rebuilt from the instances below (`qattn circuits`); nothing in it depends on time or machine. The
repository keeps the small instance and, of the larger, what a reader would open; `--dialect` writes all of both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from qiskit.circuit import QuantumCircuit

from qattn import lookups
from qattn.arithmetic.bit_heap import network
from qattn.arithmetic.carry_save import compress
from qattn.arithmetic.comparison import key_bits
from qattn.arithmetic.phase import phase_total
from qattn.arithmetic.ripple import ripple_total
from qattn.oracles.design import Form
from qattn.oracles.threshold import ThresholdOracle
from qattn.resources.logical import cost_instance
from qattn.search.grover import iterate, uniform
from qattn.synthesis.cost import count
from qattn.synthesis.gates import measured, unitary
from qattn.synthesis.qasm import DIALECTS, OPENQASM3, to_qasm
from qattn.synthesis.registers import register

LOOKUPS = ("table", "unary", "select_swap", "bucket_brigade", "token_tree")
CASES = ((16, 2, 3), (64, 4, 4))
KEPT = ("lookup_unary", "inner_product_carry_save", "inner_product_ripple", "oracle_cheapest")  # of the larger instance
DRAW_QUBITS, DRAW_GATES = 24, 150  # beyond, a drawing cannot be read

FORMS = {
    "frugal": Form.of("table", "phase", "streamed"),
    "textbook": Form.of("unary", "ripple", "streamed"),
    "cheapest": Form.of("select_swap", "carry_save", "parallel"),
    "shallow": Form.of("token_tree", "carry_save", "parallel"),
}


def oracle(case: tuple[int, int, int], form: Form) -> ThresholdOracle:
    """The threshold oracle of an instance in a form.

    Args:
        case: (n, d, bits) of `cost_instance`.
        form: how it is built.

    Returns:
        The oracle.
    """
    q, K, tau = cost_instance(*case)
    return ThresholdOracle.from_row(
        q, K, tau, bits=case[2], lookup=form.lookup, arithmetic=form.arithmetic, key_layout=form.key_layout
    )


@dataclass(frozen=True, eq=False)
class Exhibit:
    """One circuit of the gallery: file stem, what it does, and the circuit."""

    stem: str
    action: str
    circuit: QuantumCircuit


def exhibits(case: tuple[int, int, int]) -> Iterator[Exhibit]:
    """All circuits of one instance (n, d, b)."""
    q, K, tau = cost_instance(*case)
    words = key_bits(np.array(K), case[2]).astype(np.int64)
    action = "|j>|x> -> |j>|x xor K_j>, components in offset binary"
    for kind in LOOKUPS:
        yield Exhibit(f"lookup_{kind}", action, unitary(lookups.get(kind).build(words, 1)))
    for kind in ("unary", "select_swap"):
        yield Exhibit(
            f"lookup_{kind}_measured", f"{action}; undone by measurement", measured(lookups.get(kind).build(words, 1))
        )
    yield from _inner_products(case, q, tau)
    for name, form in FORMS.items():
        built = oracle(case, form)
        action = "|j> -> -|j> where <q, K_j> >= tau"
        yield Exhibit(f"oracle_{name}", action, unitary(built.circuit))
        if name != "frugal":
            yield Exhibit(f"oracle_{name}_measured", f"{action}; undone by measurement", built.measured_circuit)
        if name in ("frugal", "cheapest"):
            yield Exhibit(
                f"grover_{name}", "uniform start and one Grover iterate", _grover(case[0], unitary(built.circuit))
            )


def _inner_products(case: tuple[int, int, int], q: list[int], tau: int) -> Iterator[Exhibit]:
    bits = case[2]
    row = oracle(case, FORMS["frugal"]).row
    action = f"|K>|0> -> |K>|{row.T - 1} - <q, K>>, q = {q}"
    yield Exhibit(
        "inner_product_phase", f"{action}, keys in two's complement", phase_total(q, row.T - 1, bits, row.width)
    )
    offset = "keys in offset binary"
    yield Exhibit("inner_product_ripple", f"{action}, {offset}", unitary(ripple_total(row.A, row.T, bits, row.width)))
    net = network(row.A, row.T, bits, row.width)
    action = f"|K>|0> -> |garbage>|<q, K> >= {tau}>, q = {q}, {offset}, key bits {list(net.keys)}"
    yield Exhibit("inner_product_carry_save", action, unitary(compress(net)))


def _grover(n: int, phase_oracle: QuantumCircuit) -> QuantumCircuit:
    """Uniform start, then one iterate."""
    step, _ = iterate(n, phase_oracle)
    circuit = step.copy_empty_like(name="grover")
    circuit.compose(uniform(n), register(circuit, "index"), inplace=True)
    circuit.compose(step, circuit.qubits, inplace=True, copy=False)
    return circuit


def write_gallery(folder: Path, dialect: str | None = None) -> list[Path]:
    """Write circuits, drawings and README.md, with the costs of all circuits.

    Args:
        folder: made if it is not there.
        dialect: a name in ``qattn.synthesis.qasm.DIALECTS``: all circuits for the tools that read it. None: the files
            that the repository keeps, in OpenQASM 3.

    Returns:
        The files written.

    Raises:
        ValueError: for a dialect that does not exist.
    """
    if dialect is not None and dialect not in DIALECTS:
        raise ValueError(f"no dialect {dialect!r}; there are {', '.join(DIALECTS)}")
    language = OPENQASM3 if dialect is None else DIALECTS[dialect]
    written, rows = [], []
    for case in CASES:
        name = "n{}_d{}_b{}".format(*case)
        (folder / name).mkdir(parents=True, exist_ok=True)
        for exhibit in exhibits(case):
            files: list[Path] = []
            if dialect is not None or case == CASES[0] or exhibit.stem in KEPT:
                path = folder / name / f"{exhibit.stem}.qasm"
                comment = f"{exhibit.stem}, (n, d, b) = {case}\n{exhibit.action}"
                path.write_text(to_qasm(exhibit.circuit, comment, language))
                files = [path, *_draw(exhibit.circuit, path.with_suffix(".txt"))]
            written.extend(files)
            rows.append(_row(name, exhibit, files))
    readme = folder / "README.md"
    readme.write_text(_README.format(rows="\n".join(rows)))
    return [*written, readme]


def _draw(circuit: QuantumCircuit, path: Path) -> list[Path]:
    if circuit.num_qubits > DRAW_QUBITS or len(circuit.data) > DRAW_GATES or circuit.num_clbits:
        return []
    lines = str(circuit.draw("text", fold=160)).splitlines()
    path.write_text("\n".join(line.rstrip() for line in lines) + "\n")
    return [path]


def _row(folder: str, exhibit: Exhibit, files: list[Path]) -> str:
    """A line of the table; `files` are the program and its drawing, as far as they were written."""
    cost = count(exhibit.circuit)
    labels = (exhibit.stem, "drawing")
    links = [f"[{label}]({folder}/{path.name})" for label, path in zip(labels, files, strict=False)] or [exhibit.stem]
    numbers = (cost.qubits, cost.toffoli, cost.t, cost.cnot, cost.rotations, cost.measurements, cost.toffoli_depth)
    return f"| {folder} | {', '.join(links)} | " + " | ".join(f"{number:,}" for number in numbers) + " |"


_README = """# Compiled circuits

The threshold oracle and its parts as OpenQASM, for two instances (n keys, d components, b bits each). `qattn circuits`
rebuilds the folder that the repository keeps: OpenQASM 3, without the larger files. `qattn circuits --dialect NAME`
writes every circuit for a tool: `openqasm3` (Qiskit, the openqasm3 parser, QDK), `pyqasm`, `braket`, `cirq`,
`openqasm2` (pytket). `python benchmarks/crosscheck.py` loads and runs them in those tools.

Registers are little-endian; `index` is j, `word` or `key` the key, the top qubit of `score` the answer; everything else
starts and ends in |0>, except in the inner products, whose garbage is undone with them. Each file says at its top what
it does.

In a measured circuit every temporary AND and every load is undone by a measurement and a conditional fix-up. `ccx`
stands for temporary ANDs too (4 T each there, 7 T here in unitary circuits). Costs are counted as in
`qattn/synthesis/cost.py`: an X with k > 2 controls is 2k - 3 Toffolis, Toffoli depth takes CNOTs as free.
`qattn.show.qref.routine(circuit)` has them stage by stage, as a QREF document for Bartiq.

| instance | circuit | qubits | Toffoli | T | CNOT | rotations | measurements | Toffoli depth |
|---|---|---|---|---|---|---|---|---|
{rows}
"""
