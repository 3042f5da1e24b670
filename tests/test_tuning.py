"""A target error is met by what is chosen, or refused with the reason."""

import json
from importlib import resources

import numpy as np
import pytest

from qattn import attend
from qattn.approximation.error import relative_error
from qattn.data import heads, load_head
from qattn.problem import ProblemError
from qattn.tuning import choose


@pytest.mark.parametrize("head", heads(64))
def test_measured_error_is_below_the_target(head: str) -> None:
    Q, K, V = load_head(head, 64)
    choice = choose(Q, K, V, 0.1, method="exact", seed=0)
    assert choice.met
    result = attend(Q, K, V, method="exact", seed=0, **choice.options)
    assert relative_error(result) <= 0.1
    assert f"k = {choice.best.k} " in str(choice)
    assert choice.to_dict()["far_field"] == result.far_field


def test_a_looser_target_costs_less() -> None:
    Q, K, V = load_head("L5H0", 64)
    costs = [choose(Q, K, V, target, method="exact", seed=0).best.cost for target in (0.05, 0.1, 0.2, 0.5)]
    assert costs == sorted(costs, reverse=True)
    assert costs[0] > costs[-1]


def test_causal_rows() -> None:
    Q, K, V = load_head("L3H0", 64)
    choice = choose(Q, K, V, 0.1, causal=True, method="exact", seed=0)
    result = attend(Q, K, V, causal=True, method="exact", seed=0, **choice.options)
    assert relative_error(result) <= 0.1


def test_a_refusal_says_why() -> None:
    Q, K, V = load_head("L5H0", 64)
    choice = choose(Q, K, V, 0.001, method="exact", seed=0)
    assert not choice.met
    assert choice.best.limit > 0.001
    assert max(candidate.k for candidate in choice.considered) == 32
    with pytest.raises(ProblemError, match="too flat"):
        _ = choice.options


def test_no_pass_over_all_keys_beyond_the_search() -> None:
    rng = np.random.default_rng(0)
    Q, K, V = rng.normal(size=(200, 8)), rng.normal(size=(5000, 8)), rng.normal(size=(5000, 4))
    choice = choose(Q, K, V, 0.5, rows=10, method="exact", seed=0)
    sizes = [8 * 2**i for i in range(9)] + [2500]
    searches = 1 + sizes.index(max(8, max(c.k for c in choice.considered)))
    drawn = choice.evaluations - searches * 10 * 5000
    assert choice.rows == 10
    assert 0 < drawn < 10 * 5000


def test_the_run_that_follows_keeps_the_target() -> None:
    """Two rows: the far field of the run is another than those that were tried."""
    missed = met = 0
    for trial in range(20):
        Q, K, V = load_head(heads(64)[1 + trial % 7], 64)
        Q = Q[np.random.default_rng(trial).permutation(64)[:2]]
        choice = choose(Q, K, V, 0.2, method="exact", seed=trial)
        if choice.met:
            met += 1
            missed += relative_error(attend(Q, K, V, method="exact", seed=1000 + trial, **choice.options)) > 0.2
    assert met > 10
    assert missed <= 3  # of 20 at 5%: 4 or more have probability .016


def test_same_seed_same_choice() -> None:
    Q, K, V = load_head("L4H2", 64)
    a, b = (choose(Q, K, V, 0.1, rows=20, method="exact", seed=4) for _ in range(2))
    assert a.to_dict() == b.to_dict()


def test_bad_target() -> None:
    with pytest.raises(ProblemError, match="target_error = 0"):
        choose(np.eye(2), np.eye(2), np.eye(2), 0)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_tiny_instances(n: int) -> None:
    choice = choose(np.eye(n), np.eye(n), np.eye(n), 0.5, method="exact", seed=0)
    assert choice.best.k == max(n // 2, 1) or choice.met


def shell(*arguments: str):
    from typer.testing import CliRunner

    from qattn.cli.run import app

    file = resources.files("qattn.data") / "minilm_alice_n64.npz"
    return CliRunner().invoke(app, ["run", str(file), *arguments])


def test_shell_explains_runs_and_checks() -> None:
    done = shell("--head", "L2H11", "--target-error", "0.1", "--json")
    assert done.exit_code == 0, done.output
    facts = json.loads(done.stdout)
    assert facts["relative_error"] <= 0.1
    assert facts["statistics"]
    assert sum(facts["queries"]) > 0
    assert facts["estimated_error"] <= facts["estimated_error_below"]
    assert "cheapest" in facts["choice"]["words"]
    assert "Chosen for" in shell("--head", "L2H11", "--target-error", "0.1", "--method", "exact").stdout


def test_shell_refuses_honestly() -> None:
    done = shell("--head", "L5H0", "--target-error", "0.001", "--method", "exact", "--json")
    assert done.exit_code == 1
    assert not json.loads(done.stdout)["choice"]["met"]
    assert "leave out" in str(shell("--head", "L5H0", "--target-error", "0.1", "--k", "4").exception)
