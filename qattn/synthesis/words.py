"""The inner loop: bit and sign operations of a program on packed words, compiled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qattn.arrays import Words, compiled, inlined
from qattn.synthesis.program import CCX, CSWAP, CX, CZ, MCX, MCZ, SWAP, X, Z

Ints = NDArray[np.int32]


@inlined
def _run(
    ops: Ints, wires: Ints, start: int, stop: int, planes: Words, width: int, signs: Words, valid: Words, held: Ints
) -> int:
    for i in range(start, stop):
        code, a, b, t = ops[i, 0], np.uint32(ops[i, 1]), np.uint32(ops[i, 2]), np.uint32(ops[i, 3])
        if code == CX:
            if held[a] >= 0 or held[t] >= 0:
                return i
            for w in range(width):
                planes[t, w] ^= planes[a, w]
        elif code == CCX:
            if held[a] >= 0 or held[b] >= 0 or held[t] >= 0:
                return i
            for w in range(width):
                planes[t, w] ^= planes[a, w] & planes[b, w]
        elif code == X:
            if held[t] >= 0:
                return i
            for w in range(width):
                planes[t, w] ^= valid[w]
        elif code == Z:
            if held[t] >= 0:
                return i
            for w in range(width):
                signs[w] ^= planes[t, w]
        elif code == CZ:
            if held[a] >= 0 or held[t] >= 0:
                return i
            for w in range(width):
                signs[w] ^= planes[a, w] & planes[t, w]
        elif code == SWAP:
            if held[a] >= 0 or held[t] >= 0:
                return i
            for w in range(width):
                planes[a, w], planes[t, w] = planes[t, w], planes[a, w]
        elif code == CSWAP:
            if held[a] >= 0 or held[b] >= 0 or held[t] >= 0:
                return i
            for w in range(width):
                both = planes[a, w] & (planes[b, w] ^ planes[t, w])
                planes[b, w] ^= both
                planes[t, w] ^= both
        elif code in (MCX, MCZ):
            if code == MCX and held[t] >= 0:
                return i
            for k in range(a, a + b):
                if held[wires[k]] >= 0:
                    return i
            for w in range(width):
                product = valid[w]
                for k in range(a, a + b):
                    product &= planes[wires[k], w]
                if code == MCX:
                    planes[t, w] ^= product
                else:
                    signs[w] ^= product
        else:
            return i
    return stop


@compiled
def run_words(
    ops: Ints, wires: Ints, start: int, stop: int, planes: Words, width: int, signs: Words, valid: Words, held: Ints
) -> int:
    """Run operations of a program on bit planes, up to the first that is none of this loop's.

    Such are the codes beyond MCZ, and operations on a qubit q with held[q] >= 0, whose plane means nothing now.

    Args:
        ops: (m, 4) operations of a `Program`.
        wires: its operands.
        start: first operation.
        stop: end.
        planes: (qubits, >= width) one bit per branch.
        width: words of a plane in use.
        signs: (>= width,) gains a bit where a branch gains the sign -1.
        valid: (>= width,) ones for the branches there are.
        held: (qubits,) -1 for qubits whose bits are in `planes`.

    Returns:
        The number of the operation to go on from; `stop` when all were run.
    """
    if width == 1:  # compiled once more for one word
        stopped: int = _run(ops, wires, start, stop, planes, 1, signs, valid, held)
    else:
        stopped = _run(ops, wires, start, stop, planes, width, signs, valid, held)
    return stopped
