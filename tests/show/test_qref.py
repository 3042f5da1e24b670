"""The cost tree adds up, its registers pass through every stage, and QREF's and Bartiq's own checks accept it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from qiskit.circuit import QuantumCircuit

from qattn.search.grover import iterate
from qattn.show.gallery import CASES, FORMS, oracle
from qattn.show.qref import RESOURCES, routine
from qattn.show.stages import cut
from qattn.synthesis.cost import count
from qattn.synthesis.gates import unitary


def resources(program: dict[str, Any]) -> dict[str, int]:
    return {resource["name"]: resource["value"] for resource in program["resources"]}


@pytest.fixture(params=FORMS)
def circuit(request: pytest.FixtureRequest) -> QuantumCircuit:
    return unitary(oracle(CASES[0], FORMS[request.param]).circuit)


def test_a_stage_costs_what_its_gates_cost_and_all_together_the_circuit(circuit: QuantumCircuit) -> None:
    program = routine(circuit)["program"]
    whole = count(circuit)
    assert resources(program) == {name: getattr(whole, name) for name in RESOURCES}
    for child, piece in zip(program["children"], cut(circuit), strict=True):
        own = count(piece.circuit)
        assert resources(child) == {name: getattr(own, name) for name in RESOURCES}
    assert sum(resources(child)["toffoli"] for child in program["children"]) == whole.toffoli > 0


def test_every_register_passes_through_every_stage(circuit: QuantumCircuit) -> None:
    document = routine(circuit)
    assert json.loads(json.dumps(document)) == document
    program = document["program"]
    names = [child["name"] for child in program["children"]]
    assert len(set(names)) == len(names)
    link = {connection["source"]: connection["target"] for connection in program["connections"]}
    for register in circuit.qregs:
        if not register.size:
            continue
        at, passed = f"in_{register.name}", []
        while "." in (at := link[at]):
            stage = at.split(".")[0]
            passed.append(stage)
            at = f"{stage}.out_{register.name}"
        assert at == f"out_{register.name}"
        assert passed == names


def test_qrefs_own_check_and_bartiq_accept_it(circuit: QuantumCircuit) -> None:
    qref = pytest.importorskip("qref", reason="pip install qref")
    document = routine(circuit)
    from qref.verification import verify_topology

    assert verify_topology(qref.SchemaV1(**document))
    bartiq = pytest.importorskip("bartiq", reason="pip install bartiq")
    compiled = bartiq.compile_routine(qref.SchemaV1(**document)).routine
    assert int(compiled.resource_values["toffoli"]) == count(circuit).toffoli


def test_an_iterate_has_a_tree_too() -> None:
    step, _ = iterate(16, unitary(oracle(CASES[0], FORMS["cheapest"]).circuit))
    assert resources(routine(step)["program"])["toffoli"] == count(step).toffoli
