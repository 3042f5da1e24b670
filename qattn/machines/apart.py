"""Circuits on Aer, in this process or in one of its own.

Aer holds the interpreter until a circuit is done; in a process of its own a long one does not keep Ctrl-C waiting. That
process is `python -m qattn.machines.apart`. It reads a line of JSON and a circuit as QPY from its standard input and
answers with a line of JSON; nothing is unpickled. It ends when its input ends, and is killed when whoever waits for it
is interrupted.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
from qiskit import qpy
from qiskit.circuit import QuantumCircuit

from qattn.arrays import Integers

SMALL = 10  # qubits up to which one thread beats many on Aer
WAITING = "OMP_WAIT_POLICY"


@dataclass(eq=False)
class Apart:
    """The other process, started when it is first needed."""

    process: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)

    def run(self, circuit: QuantumCircuit, shots: int, seed: int) -> Integers:
        """The measured integers of a circuit.

        Args:
            circuit: bound, in Aer's gates.
            shots: samples.
            seed: of the samples, as in `qattn.machines.apart.run_circuit`.

        Returns:
            (shots,) integers, classical bit 0 the lowest.

        Raises:
            RuntimeError: when the other process dies, for want of memory for example.
        """
        stream = io.BytesIO()
        qpy.dump(circuit, stream)
        asked = {"bytes": stream.tell(), "shots": shots, "seed": seed}
        try:
            process = self._started()
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(asked).encode() + b"\n" + stream.getvalue())
            process.stdin.flush()
            answer = process.stdout.readline()
        except BaseException:  # whatever it is, the circuit must not go on
            self.stop()
            raise
        if not answer:
            self.stop()
            raise RuntimeError(f"the process that ran a circuit of {circuit.num_qubits} qubits died; out of memory?")
        return np.array(json.loads(answer), dtype=np.int64)

    def stop(self) -> None:
        """Kill the other process, if there is one."""
        process, self.process = self.process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):  # what was not yet written goes nowhere
                if pipe is not None:
                    pipe.close()

    def __del__(self) -> None:
        self.stop()

    def _started(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            command = [sys.executable, "-m", "qattn.machines.apart"]
            self.process = subprocess.Popen(  # a session of its own: Ctrl-C in a terminal is for the parent
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
            )
        return self.process


def run_circuit(circuit: QuantumCircuit, shots: int, seed: int) -> Integers:
    """The measured integers of a circuit, in this process; Ctrl-C waits for it.

    Args:
        circuit: bound, in Aer's gates.
        shots: samples.
        seed: of the samples, below 2^31.

    Returns:
        (shots,) integers, classical bit 0 the lowest.

    Raises:
        ValueError: when its state vector does not fit in memory.
    """
    load_aer()
    from qiskit_aer import AerSimulator

    backend = AerSimulator(method="statevector", fusion_enable=False)
    _check_memory(circuit.num_qubits, backend.num_qubits)
    threads = 1 if circuit.num_qubits <= SMALL else 0
    run = backend.run(circuit, shots=shots, memory=True, seed_simulator=seed, max_parallel_threads=threads)
    return np.array([int(bits, 2) for bits in run.result().get_memory()], dtype=np.int64)


def load_aer() -> None:
    """Import Aer with threads that sleep while they wait.

    OpenMP reads OMP_WAIT_POLICY once, when Aer loads it, and lets threads spin by default: on shared cores a small
    circuit then takes many times longer. The variable is set for that moment only; the user's own value stands, and
    an Aer that is loaded already stays as it is.
    """
    ours = WAITING not in os.environ
    os.environ.setdefault(WAITING, "passive")
    try:
        import qiskit_aer  # noqa: F401
    finally:
        if ours:
            del os.environ[WAITING]


def _check_memory(qubits: int, most: int) -> None:
    if qubits > most:
        raise ValueError(
            f"the circuit has {qubits} qubits (16 B * 2^{qubits} of amplitudes); this machine simulates {most}. "
            "Use fewer bits or a smaller rank, or sampler=GroverStatistics() for the exact statistics without a circuit"
        )


def serve() -> None:
    """Answer until the input ends."""
    load_aer()
    while line := sys.stdin.buffer.readline():
        asked = json.loads(line)
        [circuit] = qpy.load(io.BytesIO(sys.stdin.buffer.read(asked["bytes"])))
        print(json.dumps(run_circuit(circuit, asked["shots"], asked["seed"]).tolist()), flush=True)


if __name__ == "__main__":
    serve()
