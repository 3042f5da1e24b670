"""What the gates of phase oracles do to all their indices, executed once for each oracle.

A phase oracle is compute, Z, uncompute on basis states: executed on all n inputs at once, one bit an input and qubit,
it shows every sign it gives and every ancilla it leaves. A Grover iterate is then these signs and a reflection of n
amplitudes, exactly, whatever the number of qubits.

Oracles that load whole keys and compare them with `carry_save` share the load: its gates are executed once for all rows
of the same keys, forth and back, and the key bits it wrote are what every row's arithmetic runs on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qattn.arithmetic.base import phase_gates
from qattn.arithmetic.bit_heap import Network, network
from qattn.arithmetic.carry_save import CarrySave
from qattn.arrays import Bits, Words
from qattn.lookups.base import load_all_gates
from qattn.oracles.base import CircuitOracle
from qattn.oracles.block import BlockOracle
from qattn.oracles.threshold import ThresholdOracle
from qattn.simulator.signs import index_signs
from qattn.synthesis.execution import HALF, DirtyAncillaError, pack, unpack
from qattn.synthesis.flatten import flatten
from qattn.synthesis.netlist import Netlist
from qattn.synthesis.program import CCX, CX, Program, X
from qattn.synthesis.reversible import execute
from qattn.synthesis.words import run_words

CODES = {"x": X, "cx": CX, "and": CCX}
KEPT = 4096  # oracles whose signs are kept
Rows = NDArray[np.int32]
Change = Callable[[Rows], Rows]


@dataclass(frozen=True, eq=False)
class Loaded:
    """Key bits as a lookup's gates wrote them, on all n indices.

    Attributes:
        planes: (key bits, words) of register key.
        qubits: of the lookup's circuit.
        gates: of the lookup, forth and back.
    """

    planes: Words
    qubits: int
    gates: int


@dataclass(eq=False)
class Marks:
    """Executes oracles and keeps what it found.

    Attributes:
        change: what becomes of an arithmetic program's rows before it runs, in tests that break one gate.
    """

    change: Change | None = None
    loads: dict[tuple[object, ...], Loaded] = field(default_factory=dict, init=False, repr=False)
    programs: dict[object, tuple[Program, list[Any]]] = field(default_factory=dict, init=False, repr=False)
    known: dict[object, Bits] = field(default_factory=dict, init=False, repr=False)
    sizes: dict[object, tuple[int, int]] = field(default_factory=dict, init=False, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        """Another process starts with nothing known."""
        return {"change": self.change, "loads": {}, "programs": {}, "known": {}, "sizes": {}}

    def of(self, oracle: CircuitOracle) -> Bits:
        """(n,) True where the oracle's gates flip the sign.

        Raises:
            DirtyAncillaError: when they leave a qubit in |1> for some index.

        Args:
            oracle: the oracle, at its threshold.
        """
        key = (oracle.family, *oracle.fingerprint)
        if key not in self.known:
            if len(self.known) >= KEPT:
                del self.known[next(iter(self.known))]
            row = _sharing(oracle)
            if isinstance(oracle, BlockOracle) and oracle.form.shares:
                self.known[key] = self._block(oracle)
            else:
                self.known[key] = self._whole(oracle) if row is None else self._shared(row)
        return self.known[key]

    def size(self, oracle: CircuitOracle) -> tuple[int, int]:
        """(gates of one query, qubits) of the circuit that `of` executes for an oracle of this family."""
        row = _sharing(oracle)
        key = oracle.family if row is None else _load_key(row)
        if key not in self.sizes:
            self.known.pop((oracle.family, *oracle.fingerprint), None)
            self.of(oracle)
        return self.sizes[key]

    def _whole(self, oracle: CircuitOracle) -> Bits:
        """Any oracle: its circuit as a program, flattened once for all oracles of a family."""
        if oracle.family not in self.programs:
            circuit, parameters = oracle.template()
            self.programs[oracle.family] = (flatten(circuit), parameters)
        program, parameters = self.programs[oracle.family]
        bound = program.bind(dict(zip(parameters, oracle.values, strict=True)))
        self.sizes[oracle.family] = (int(program.gates), program.qubits)
        try:
            done = execute(bound, oracle.n, seed=0)
        except ValueError:  # gates that are not reversible logic: a sparse state takes any
            return index_signs(bound, oracle.n)
        if not np.array_equal(done.values("index"), np.arange(oracle.n)) or np.any(done.turns % HALF):
            return index_signs(bound, oracle.n)  # it says what is wrong, or knows a global phase
        return done.check_clean("index").signs

    def _block(self, oracle: BlockOracle) -> Bits:
        """Key bits loaded once for all blocks of the same keys; this block's comparisons forth, Z, and back."""
        load, tail = oracle.form.any_halves(oracle.comparison)
        key = (oracle.family[1], oracle.form.lookup, *oracle.comparison.columns)
        if key not in self.loads:
            self.loads[key] = _loaded(load, oracle.n)
        loaded, program = self.loads[key], phase_gates(tail).program()
        if self.change is not None:
            ops = self.change(program.ops)
            program = replace(program, ops=ops, helper=np.zeros(len(ops), dtype=np.bool_))
        n, bits = oracle.n, [unpack(plane, oracle.n) for plane in loaded.planes]
        size = len(program.registers["index"]) + len(bits)
        self.sizes[oracle.family] = (loaded.gates + int(program.gates), loaded.qubits + program.qubits - size)
        keys = np.stack(bits, axis=1) if bits else np.zeros((n, 0), dtype=bool)
        after = execute(program, {"index": np.arange(n), "key": keys}, seed=0).check_clean("index", "key")
        if not np.array_equal(after.planes[list(program.registers["key"])], loaded.planes):
            raise DirtyAncillaError("register key is not what it was when the comparisons began")
        return after.signs

    def _shared(self, oracle: ThresholdOracle) -> Bits:
        """Key bits loaded once; this row's arithmetic forth, Z on its sign, and back."""
        key = _load_key(oracle)
        if key not in self.loads:
            self.loads[key] = _load(oracle)
        loaded, what = self.loads[key], oracle.comparison
        net = network(what.A, what.T, what.bits, what.width)
        rows = _rows(net)
        whole = np.concatenate([rows, rows[::-1]])
        if self.change is not None:
            whole = self.change(whole)
        self.sizes[key] = (loaded.gates + len(whole) + 1, loaded.qubits + net.wires - len(net.keys))
        return _signs(net, whole, len(rows), loaded.planes, oracle.n)


def _sharing(oracle: CircuitOracle) -> ThresholdOracle | None:
    """The oracle, if it loads whole keys and compares them by a network."""
    if isinstance(oracle, ThresholdOracle) and isinstance(oracle.form.arithmetic, CarrySave):
        return oracle
    return None


def _load_key(oracle: ThresholdOracle) -> tuple[object, ...]:
    return (oracle.keys, oracle.form.lookup)


def _load(oracle: ThresholdOracle) -> Loaded:
    """Execute the lookup of all key bits on all indices, and its undo."""
    return _loaded(load_all_gates(oracle.form.lookup, oracle.comparison.key_bits), oracle.n)


def _loaded(net: Netlist, n: int) -> Loaded:
    """Execute a load on all indices, and its undo."""
    program = net.program()
    forth = execute(program, n, seed=0)
    back = Netlist({name: len(wires) for name, wires in program.registers.items()})
    back.append(net, range(program.qubits))
    back.append(net.inverse(), range(program.qubits))
    execute(back.program(), n, seed=0).check_clean("index")
    places = list(program.registers["key"])
    return Loaded(np.ascontiguousarray(forth.planes[places]), program.qubits, 2 * int(program.gates))


def _rows(net: Network) -> Rows:
    """The network as rows of a program: (code, control, control, target)."""
    rows = [(CODES[name], wires[0], wires[-2] if len(wires) > 1 else wires[0], wires[-1]) for name, wires in net.ops]
    return np.array(rows, dtype=np.int32).reshape(-1, 4)


def _signs(net: Network, rows: Rows, middle: int, keys: Words, n: int) -> Bits:
    """Run rows on the loaded key bits, Z on the sign after `middle` of them; every wire must come back."""
    valid = pack(np.ones(n, dtype=bool))
    planes = np.zeros((net.wires, valid.size), dtype=np.uint64)
    start = keys[list(net.keys)]
    planes[: len(net.keys)] = start
    signs, wires, held = np.zeros_like(valid), np.zeros(1, np.int32), np.full(net.wires, -1, np.int32)
    run_words(rows, wires, 0, middle, planes, valid.size, signs, valid, held)
    flipped = planes[-1].copy()
    run_words(rows, wires, middle, len(rows), planes, valid.size, signs, valid, held)
    planes[: len(net.keys)] ^= start
    dirty = np.flatnonzero(planes.any(axis=1))
    if dirty.size:
        wire, kept = int(dirty[0]), len(net.keys)
        name = (
            f"key[{net.keys[wire]}]" if wire < kept else "score[0]" if wire == net.wires - 1 else f"sum[{wire - kept}]"
        )
        where = int(np.flatnonzero(unpack(planes[wire], n))[0])
        raise DirtyAncillaError(f"qubit {name} is not what it was for input {where} ({dirty.size} dirty qubits)")
    return np.asarray(unpack(flipped, n))
