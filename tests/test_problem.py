"""Validation says what was wrong; goodness is measured as Definition 1.2 has it."""

import math
import subprocess
import sys

import numpy as np
import pytest

from qattn.data import heads, load_head, load_npz, theorem_instance, tokens
from qattn.problem import ProblemError, goodness, make_problem

ONE = np.ones((4, 2))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"Q": np.ones(3)}, r"Q has shape \(3,\)"),
        ({"K": np.ones((4, 3))}, "same d"),
        ({"V": np.ones((5, 2))}, "same n"),
        ({"K": np.full((4, 2), np.inf)}, r"K\[0, 0\] is inf"),
        ({"V": ONE * 1j}, "dtype complex128"),
        ({"tau": None}, "give tau"),
        ({"tau": np.ones(3)}, r"tau has shape \(3,\)"),
        ({"tau": math.nan}, "finite"),
        ({"k": -1}, "k = -1"),
        ({"k": 1.5}, "k = 1.5"),
        ({"scale": math.inf}, "scale = inf"),
        ({"Q": np.ones((5, 2)), "causal": True}, "5 rows over 4 keys"),
        ({"Q": ONE * 1e300, "K": ONE * 1e300}, "overflow"),
    ],
)
def test_bad_input(change, message) -> None:
    arguments = {"Q": ONE, "K": ONE, "V": ONE, "tau": 1.0, **change}
    with pytest.raises(ProblemError, match=message):
        make_problem(**arguments)


def test_shapes_masks_and_scale() -> None:
    problem = make_problem(np.ones((3, 2)), np.ones((5, 2)), np.ones((5, 7)), 0.5, scale=0.5, causal=True)
    assert (problem.n_q, problem.n, problem.d) == (3, 5, 2)
    assert problem.visible.tolist() == [3, 4, 5]
    assert problem.scores(0).tolist() == [1.0] * 3
    assert make_problem(ONE, ONE, ONE, k=99).k == 4


@pytest.mark.parametrize(("n", "d", "k", "eta"), [(2, 2, 1, 0.1), (16, 8, 2, 0.1), (64, 8, 4, 0.5), (100, 33, 3, 0.01)])
def test_theorem_instances_satisfy_theorem_1_3(n, d, k, eta) -> None:
    for seed in range(5):
        Q, K, V, tau = theorem_instance(n, d, k, eta=eta, seed=seed)
        good = goodness(make_problem(Q, K, V, tau, k=k))
        assert good.good
        assert good.tau_holds
        assert good.rest_holds
        assert good.k <= k
        assert good.eta <= eta
        assert "hold:" in str(good)


def test_real_heads_do_not() -> None:
    assert heads() == heads(64)
    assert len(tokens(64)) == 64
    Q, K, V = load_head("L4H2")
    good = goodness(make_problem(Q, K, V, k=4))
    assert (good.k, good.mean_k) == (4, 4.0)
    assert not good.rest_holds
    assert "do not hold" in str(good)


def test_files_are_never_unpickled_and_names_are_listed(tmp_path) -> None:
    np.savez(tmp_path / "own.npz", Q=ONE, K=ONE, V=ONE)
    assert load_npz(tmp_path / "own.npz")[0].shape == (4, 2)
    np.savez(tmp_path / "heads.npz", Q_a=ONE, K_a=ONE, V_a=ONE)
    with pytest.raises(ValueError, match="it has the heads a"):
        load_npz(tmp_path / "heads.npz")
    np.savez(tmp_path / "object.npz", Q=np.array([{}], dtype=object), K=ONE, V=ONE)
    with pytest.raises(ValueError, match="holds Python objects"):
        load_npz(tmp_path / "object.npz")


def test_import_is_light() -> None:
    code = (
        "import sys, qattn; dir(qattn); "
        "heavy = {'qiskit', 'qiskit_aer', 'matplotlib', 'numba', 'typer', 'rich', 'scipy'} & set(sys.modules); "
        "sys.exit(f'imported: {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
