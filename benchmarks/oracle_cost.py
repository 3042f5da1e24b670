"""What one query of the threshold oracle costs on a fault-tolerant machine: our forms beside published lookups.

    python benchmarks/oracle_cost.py            a table; costs counted gate by gate from the built circuits
    python benchmarks/oracle_cost.py --json     the same as one JSON object
    python benchmarks/oracle_cost.py --verify   build and execute every instance on all n inputs against plain integers
    python benchmarks/oracle_cost.py --quick    the two small instances only

Toffolis are those of one query: compute, Z on the sign, uncompute. The peers (a QROM from Qualtran or PennyLane, then
one adder per non-zero signed digit of the row, then the lookup undone) are measured in the same run where installed.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from typing import Any

import numpy as np
from common import parser, show

from qattn import ThresholdOracle
from qattn.arithmetic.ripple import signed_digits
from qattn.resources.logical import cost_instance
from qattn.synthesis.cost import count
from qattn.synthesis.reversible import execute

CASES = [(16, 2, 3), (64, 4, 4), (1024, 32, 6), (4096, 64, 8)]


def textbook(case: tuple[int, int, int]) -> ThresholdOracle:
    """QROM and ripple adders."""
    n, d, b = case
    q, K, tau = cost_instance(n, d, b)
    return ThresholdOracle.from_row(q, K, tau, bits=b, lookup="unary", arithmetic="ripple", key_layout="parallel")


def ours(case: tuple[int, int, int]) -> dict[str, dict[str, Any]]:
    """Cost of every form; counted from the built circuit, except where building it is left out (predicted)."""
    rows = {}
    plain = textbook(case)
    forms = {objective: plain.best(objective) for objective in ("toffoli", "depth", "qubits")} | {"textbook": plain}
    for name, oracle in forms.items():
        measured = name != "qubits"  # the frugal form is the one to simulate
        predicted = oracle.cost(by_measurement=measured)
        build = name == "toffoli" or case[0] <= 64
        circuit = (oracle.measured_circuit if measured else oracle.circuit) if build else None
        cost = predicted if circuit is None else count(circuit)
        if cost != predicted:
            raise AssertionError(f"{case} {name}: counted {cost}, predicted {predicted}")
        form = oracle.form
        named = {"lookup": form.lookup.name, "arithmetic": form.arithmetic.name, "key_layout": form.key_layout}
        rows[name] = {**named, "source": "counted" if circuit is not None else "predicted", **cost.to_dict()}
    return rows


def qualtran(case: tuple[int, int, int]) -> dict[str, int]:
    """Qualtran's lookups, with its adders; the adjoint of a QROM costs a QROM, that of QROAMClean is by measurement."""
    from qualtran import QUInt
    from qualtran.bloqs.arithmetic import Add
    from qualtran.bloqs.data_loading.qroam_clean import QROAMClean
    from qualtran.bloqs.data_loading.qrom import QROM
    from qualtran.resource_counting import QECGatesCost, get_cost_value

    def toffoli(bloq: Any) -> int:
        gates = get_cost_value(bloq, QECGatesCost())
        return int(gates.and_bloq + gates.toffoli + gates.cswap + gates.t / 4)

    _, d, b = case
    columns = [np.array(column) % (1 << b) for column in zip(*cost_instance(*case)[1], strict=True)]
    qrom, clean = (lookup.build_from_data(*columns, target_bitsizes=(b,) * d) for lookup in (QROM, QROAMClean))
    adders = sum(toffoli(Add(QUInt(width))) for width in adder_widths(case))
    return {
        "QROM, adders": 2 * toffoli(qrom) + 2 * adders,
        "QROAMClean, adders": toffoli(clean) + toffoli(clean.adjoint()) + 2 * adders,
    }


def pennylane(case: tuple[int, int, int]) -> dict[str, int]:
    """PennyLane's estimates for the same plan; its QROM has no cheaper adjoint."""
    import pennylane.estimator as qre

    def toffoli(operation: Any) -> int:
        gates = qre.estimate(operation, gate_set={"Toffoli", "TemporaryAND", "CNOT", "X", "Hadamard", "CZ"}).gate_counts
        return int(sum(number for gate, number in gates.items() if gate in ("Toffoli", "TemporaryAND")))

    n, d, b = case
    adders = sum(toffoli(qre.SemiAdder(width)) for width in adder_widths(case))
    plain, blocks = (toffoli(qre.QROM(n, d * b, restored=False, select_swap_depth=depth)) for depth in (1, None))
    return {"QROM, adders": 2 * plain + 2 * adders, "select-swap, adders": 2 * blocks + 2 * adders}


def adder_widths(case: tuple[int, int, int]) -> list[int]:
    """Width of one adder per non-zero signed digit of the row, in the narrowest score register that is enough."""
    q, K, tau = cost_instance(*case)
    differences = [tau - 1 - sum(a * x for a, x in zip(q, row, strict=True)) for row in K]
    score = 1 + max(max(differences).bit_length(), (-min(differences) - 1).bit_length())
    return [score - position for a in q for position, _ in signed_digits(a)]


PEERS = {"qualtran": qualtran, "pennylane": pennylane}


def verify(cases: list[tuple[int, int, int]]) -> list[dict[str, Any]]:
    """Execute the cheapest form of each instance on all n inputs, measured and unitary, against plain integers."""
    rows = []
    for case in cases:
        started = time.perf_counter()
        q, K, tau = cost_instance(*case)
        expected = np.array([sum(a * x for a, x in zip(q, row, strict=True)) >= tau for row in K])
        oracle = textbook(case).best("toffoli")
        circuits = {"measured": oracle.measured_circuit, "unitary": oracle.circuit}
        for name, circuit in circuits.items():
            for seed in range(3 if name == "measured" else 1):
                run = execute(circuit, case[0], seed=seed).check_clean("index")
                if not np.array_equal(run.signs, expected):
                    raise AssertionError(f"{case}: the {name} circuit marks other keys than the plain integers")
        rows.append(
            {
                "n": case[0], "d": case[1], "b": case[2], "marked": int(expected.sum()), "clean": True,
                "qubits": circuits["measured"].num_qubits, "seconds": round(time.perf_counter() - started, 1),
            }
        )  # fmt: skip
    return rows


def main() -> int:
    """Print the table, the JSON object, or the verification."""
    own = parser(__doc__, quick="the two smallest instances")
    own.add_argument("--verify", action="store_true", help="execute the circuits on all inputs instead")
    options = own.parse_args()
    cases = CASES[:2] if options.quick else CASES
    if options.verify:
        result: dict[str, Any] = {"verified": verify(cases)}
    else:
        peers = {name: peer for name, peer in PEERS.items() if importlib.util.find_spec(name)}
        result = {
            "cases": [
                {"n": c[0], "d": c[1], "b": c[2], "qattn": ours(c)} | {name: peer(c) for name, peer in peers.items()}
                for c in cases
            ],
            "peers": sorted(peers),
        }
    show(result, lambda: print(as_text(result)), options.json, indent=1)
    return 0


def as_text(result: dict[str, Any]) -> str:
    """The result as lines to read."""
    lines = []
    for row in result.get("verified", []):
        lines.append(
            f"n={row['n']} d={row['d']} b={row['b']}: {row['qubits']} qubits, all {row['n']} inputs right, "
            f"{row['marked']} marked, ancillas clean ({row['seconds']} s)"
        )
    for case in result.get("cases", []):
        lines.append(f"n={case['n']} d={case['d']} b={case['b']}")
        for name, row in case["qattn"].items():
            form = f"{row['lookup']}, {row['arithmetic']}, {row['key_layout']}"
            lines.append(
                f"  {name:9} {form:38} toffoli {row['toffoli']:>9,}  depth {row['toffoli_depth']:>9,}  "
                f"qubits {row['qubits']:>6,}  T {row['t']:>10,}  rotations {row['rotations']:>6,}  {row['source']}"
            )
        for peer in result["peers"]:
            for name, toffoli in case[peer].items():
                lines.append(f"  {peer:9} {name:38} toffoli {toffoli:>9,}")
    if "peers" in result and len(result["peers"]) < len(PEERS):
        lines.append(f"not installed, left out: {', '.join(sorted(set(PEERS) - set(result['peers'])))}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
