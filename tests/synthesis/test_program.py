"""A program's rows: operands, gates that count, jumps, and numbers put in."""

from __future__ import annotations

import math

import numpy as np
import pytest
from qiskit.circuit import Parameter
from qiskit.circuit.library import HGate, RYGate

from qattn.synthesis.program import CCX, CX, HADAMARD, MCX, MEASURE, PHASE, UNITARY, Draft, X, Z


def test_operands_targets_last() -> None:
    draft = Draft()
    for rows in ([4], [1, 4], [2, 1, 4], [3, 2, 1, 4]):
        draft.x(rows)
    draft.z([5])
    draft.h(2)
    draft.add(MEASURE, 3, 0, 3)
    program = draft.done(6, 1, {})
    assert program.ops[:, 0].tolist() == [X, CX, CCX, MCX, Z, UNITARY, MEASURE]
    expected = [(4,), (1, 4), (2, 1, 4), (3, 2, 1, 4), (5,), (2,), (3,)]
    assert [program.operands(i) for i in range(len(program))] == expected


def test_helpers_do_not_count_and_half_a_turn_is_a_sign() -> None:
    draft = Draft()
    draft.x([0], helper=True)
    draft.turn([0, 1], 0.3)
    draft.turn([0], math.pi)
    draft.turn((), 0.5)
    program = draft.done(2, 0, {})
    assert program.ops[:, 0].tolist() == [X, PHASE, Z]
    assert program.gates == 2
    assert program.phase == 0.5
    assert Draft().done(0, 0, {}).gates == 0


def test_equal_gates_share_a_matrix() -> None:
    draft = Draft()
    for gate in (HGate(), RYGate(0.3), RYGate(0.3), RYGate(0.4)):
        draft.unitary([0], gate)
    program = draft.done(1, 0, {})
    assert program.ops[:, 3].tolist() == [0, 1, 1, 2]
    assert np.allclose(program.matrices[0], HADAMARD)
    assert np.allclose(program.matrices[2], RYGate(0.4).to_matrix())


def test_numbers_are_put_in_and_missing_ones_named() -> None:
    a, b = Parameter("a"), Parameter("b")
    draft = Draft()
    draft.turn([0, 1], a + b)
    draft.unitary([0], RYGate(a))
    draft.turn((), 2 * b)
    program = draft.done(2, 0, {})
    bound = program.bind({a: 0.25, b: 0.5})
    assert bound.angles.tolist() == [0.75]
    assert np.allclose(bound.matrices[1], RYGate(0.25).to_matrix())
    assert bound.phase == 1.0
    assert bound.bind({}) is bound
    assert np.isnan(program.angles[0]), "the program itself stays open"
    with pytest.raises(ValueError, match="no value for the parameter 'b'"):
        program.bind({a: 1.0})
