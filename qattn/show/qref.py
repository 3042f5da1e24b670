"""What each stage of a circuit costs, as a QREF document (version 1), which PsiQuantum's Bartiq and other tools read.

QREF is plain data: https://github.com/PsiQ/qref. Nothing needs to be installed to write it.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from qiskit.circuit import QuantumCircuit

from qattn.show.stages import LOAD, SIGN, Piece, cut, registers
from qattn.synthesis.cost import count

RESOURCES = ("toffoli", "t", "cnot", "rotations")  # those that add up; depth does not


def routine(circuit: QuantumCircuit) -> dict[str, Any]:
    """The circuit's cost tree: a child for each stage of `qattn.show.stages`, with its gates counted.

    A port is a register; its size is in qubits. Every register passes through every stage, in order. A resource of the
    whole is the sum of the stages'. T and Toffoli are counted as in `qattn.synthesis.cost`: a Toffoli's T are in `t`.

    Args:
        circuit: unitary; any oracle's `circuit`, a lookup or an iterate.

    Returns:
        A document for `json.dump`, and for Bartiq's `compile_routine`.

    Raises:
        ValueError: when the circuit has more stages than can be shown.

    Example:
        >>> from qattn.oracles.threshold import ThresholdOracle
        >>> oracle = ThresholdOracle.from_row([1, -1], [[1, 0], [0, 1], [1, 1], [-1, 0]], 1)
        >>> made = routine(oracle.circuit)
        >>> made["version"], made["program"]["ports"][0]
        ('v1', {'name': 'in_index', 'direction': 'input', 'size': 2})
    """
    sizes = {name: len(wires) for name, wires in registers(circuit).items()}
    stages = [_routine(f"stage_{i}_{_word(piece)}", sizes, piece.circuit) for i, piece in enumerate(cut(circuit))]
    ends = ["", *(f"{stage['name']}." for stage in stages), ""]
    links = [
        {"source": f"{before}{'out' if before else 'in'}_{name}", "target": f"{after}{'in' if after else 'out'}_{name}"}
        for before, after in pairwise(ends)
        for name in sizes
    ]
    own = _routine(_plain(circuit.name) or "circuit", sizes, circuit)
    for number, resource in enumerate(own["resources"]):
        resource["value"] = sum(stage["resources"][number]["value"] for stage in stages)
    return {"version": "v1", "program": {**own, "children": stages, "connections": links}}


def _routine(name: str, sizes: dict[str, int], circuit: QuantumCircuit) -> dict[str, Any]:
    cost = count(circuit)
    return {
        "name": name,
        "type": "circuit",
        "ports": [
            {"name": f"{direction[:-3]}_{register}", "direction": direction, "size": size}
            for direction in ("input", "output")
            for register, size in sizes.items()
        ],
        "resources": [{"name": kind, "type": "additive", "value": getattr(cost, kind)} for kind in RESOURCES],
    }


def _word(piece: Piece) -> str:
    """What a stage does, in a name."""
    does = piece.kind if piece.kind in (LOAD, SIGN) else "_".join(["write", *sorted(piece.writes)])
    return _plain(piece.name) or does


def _plain(words: str) -> str:
    """Letters, digits and underscores, beginning with a letter."""
    return re.sub(r"\W+", "_", words).strip("_") if re.match(r"[A-Za-z]", words) else ""
