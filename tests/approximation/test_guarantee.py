"""A row's stated error: held on heads and against rare heavy keys, broken by every false version of the bound."""

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import binomtest

from qattn import GroverStatistics, attend, attend_heads, estimate_error
from qattn.approximation import guarantee
from qattn.approximation.error import relative_error
from qattn.approximation.far_field import ConstantField
from qattn.approximation.guarantee import Promise, guaranteed
from qattn.classical.exact import exact_attention, top_k
from qattn.data import load_head
from qattn.problem import ProblemError, make_problem


def errors(problem, output):
    exact = exact_attention(problem)
    return np.linalg.norm(output - exact, axis=1) / np.linalg.norm(exact, axis=1)


def rare(rows=300, n=1500, heavy=75, k=20):
    """Every row the same: a few of the keys not found are as heavy as the least found one, and of other values."""
    scores = np.full(n, -4.0)
    scores[:k], scores[k - 1] = 7.6, 3.0
    scores[k : k + heavy] = 2.9
    V = np.ones((n, 2))
    V[k : k + heavy] = [1.0, -3.0]
    order = np.random.default_rng(0).permutation(n)
    return make_problem(np.ones((rows, 1)), scores[order, None], V[order], k=k)


def run(problem, error=0.05, delta=0.05, far_field="constant", samples=16, most=None, seed=0):
    found = top_k(problem.Q, problem.K, problem.k)
    return guaranteed(problem, found, far_field, Promise(error, delta, samples, most), np.random.SeedSequence(seed))


@pytest.mark.parametrize("far_field", ["ones", "constant", "linear"])
@pytest.mark.parametrize(("head", "n", "k"), [("L1H8", 64, 16), ("L2H11", 64, 16), ("L2H11", 512, 64)])
def test_heads_are_within_what_is_stated(head, n, k, far_field):
    Q, K, V = load_head(head, n)
    problem = make_problem(Q[:: n // 64], K, V, k=k)
    output, _, draws, stated = run(problem, far_field=far_field)
    true = errors(problem, output)
    assert stated.unmet == []
    assert (true <= stated.bound + 1e-9).mean() >= 0.95
    assert (true[stated.exact] < 1e-12).all()
    assert len(stated.exact) < problem.n_q  # it does not just read everything
    assert stated.read.tolist() == (draws.spent + k).tolist()


def broken(problem, **options):
    """Of the rows said to be met, how many are not."""
    output, _, _, stated = run(problem, **options)
    met = stated.bound <= stated.error
    return int((errors(problem, output)[met] > stated.error + 1e-12).sum()), int(met.sum())


def test_rare_heavy_keys_are_allowed_for():
    problem = rare()
    wrong, met = broken(problem)
    assert met == 300
    assert run(problem)[3].read.mean() < 0.9 * problem.n  # not by reading everything
    assert binomtest(wrong, met, 0.05, alternative="greater").pvalue > 1e-3


def normal(N, m, square, reach, log_chance):
    """Two-sided quantile of a normal distribution with the estimated variance."""
    return -ndtri(np.exp(-log_chance) / 2) * np.sqrt(m * square * (1 - m / N))


FALSE = {
    "a normal approximation": {"deviation": normal, "largest_mean": lambda N, m, mean, reach, L: mean},
    "the drawn second moment for the true one": {
        "deviation": lambda N, m, square, reach, L: np.sqrt(2 * m * square * L),
        "largest_mean": lambda N, m, mean, reach, L: mean,
    },
}


@pytest.mark.parametrize("version", FALSE)
def test_bounds_that_are_too_small_break(version, monkeypatch):
    for name, function in FALSE[version].items():
        monkeypatch.setattr(guarantee, name, function)
    wrong, met = broken(rare())
    assert binomtest(wrong, met, 0.05, alternative="greater").pvalue < 1e-6


def test_draws_that_repeat_break_it(monkeypatch):
    """Keys drawn with repetition, in the place of those drawn without."""
    problem = make_problem(np.ones((300, 1)), np.tile([0.0, -1.0], 30)[:, None], np.tile([1.0, -1.0], 30)[:, None], k=1)
    assert broken(problem, error=0.2)[0] == 0
    genuine = guarantee.far_order

    def repeated(n, excluded, count, seed):
        order = genuine(n, excluded, n, seed)
        return np.concatenate([order[:16], np.random.default_rng(seed).choice(order, n)])[
            : min(count, n - excluded.size)
        ]

    monkeypatch.setattr(guarantee, "far_order", repeated)
    wrong, met = broken(problem, error=0.2)
    assert binomtest(wrong, met, 0.05, alternative="greater").pvalue < 1e-6


def test_a_far_key_above_the_finds_makes_the_row_read_everything():
    """The search missed it: no bound from the finds holds."""
    problem = rare(rows=40)
    _, lowest = top_k(problem.Q, problem.K, 40), np.argsort(problem.K[:, 0])[:4]
    missed = [np.sort(lowest)] * problem.n_q
    output, _, _, stated = guaranteed(problem, missed, "constant", Promise(0.05, 0.05), np.random.SeedSequence(0))
    seen = errors(problem, output) < 1e-12
    assert (stated.read[seen] == problem.n).all()
    assert seen.sum() >= 38


def test_most_limits_what_a_row_draws_and_the_rest_is_reported():
    Q, K, V = load_head("L2H11", 64)
    problem = make_problem(Q, K, V, k=8)
    output, _, draws, stated = run(problem, far_field="linear", most=20)
    assert draws.spent.max() == 20
    assert stated.unmet
    true = errors(problem, output)
    assert (true <= stated.bound + 1e-9).all()
    met = np.setdiff1d(np.arange(64), stated.unmet)
    assert (true[met] <= 0.05).all()


def test_through_attend_with_half_of_delta_for_the_search():
    options = {"k": 16, "far_field": "linear", "seed": 1, "delta": 0.02}
    result = attend(*load_head("L1H8", 64), sampler=GroverStatistics(), error=0.05, **options)
    plain = attend(*load_head("L1H8", 64), sampler=GroverStatistics(), **options)
    assert 0 < result.miss_bound <= 0.01 < plain.miss_bound
    assert plain.guarantee is None
    stated = result.guarantee
    assert (errors(result.problem, result.output) <= 0.05).all()
    assert result.evaluations.sum() >= stated.sampled.sum() + 64 * 16
    assert str(stated) in " ".join(result.report().split())
    assert result.to_dict()["guarantee"]["unmet"] == []
    dense = result.attention.toarray()
    np.testing.assert_allclose(dense @ result.problem.V / dense.sum(axis=1)[:, None], result.output)
    estimate = estimate_error(result, seed=0)  # of B as it is, the drawn keys included
    assert relative_error(result) < estimate.upper() < 0.05


def test_the_same_seed_draws_the_same_and_heads_take_it():
    Q, K, V = np.random.default_rng(0).normal(size=(3, 2, 40, 4))
    one, two = (attend_heads(Q, K, V, k=4, method="exact", causal=True, error=0.1, seed=s) for s in (3, 3))
    assert np.array_equal(one.output, two.output)
    for part in one.parts:
        assert part.result.guarantee.unmet == []


@pytest.mark.parametrize("tau", [-1e3, 0.0, 1e3])
@pytest.mark.parametrize("far_field", ["ones", "constant", "linear"])
def test_all_or_no_keys_marked(tau, far_field):
    Q, K, V = np.random.default_rng(1).normal(size=(3, 30, 3))
    result = attend(Q, K, V, tau=tau, method="exact", error=0.1, far_field=far_field, seed=0)
    assert result.guarantee.unmet == []
    assert (errors(result.problem, result.output) <= 0.1).all()


@pytest.mark.parametrize("size", [1, 2, 3])
def test_few_keys_equal_values_and_no_values(size):
    Q, K = np.ones((2, 3)), np.arange(3 * size, dtype=float).reshape(size, 3)
    for V in (np.zeros((size, 2)), np.full((size, 2), 7.0), np.full((size, 2), 1e-300)):
        result = attend(Q, K, V, k=1, method="exact", error=0.1, seed=0)
        assert result.guarantee.unmet == []
        np.testing.assert_allclose(result.output, V[:1].repeat(2, axis=0))


def test_scores_of_all_sizes():
    rng = np.random.default_rng(2)
    for size in (1e-150, 1e-3, 30.0, 1e150):
        Q, K, V = rng.normal(size=(5, 2)) * size, rng.normal(size=(80, 2)), rng.normal(size=(80, 2))
        result = attend(Q, K, V, k=3, method="exact", error=0.1, far_field="linear", seed=0)
        assert np.isfinite(result.output).all()
        assert (errors(result.problem, result.output) <= 0.1).all()


def test_what_is_refused():
    arrays = np.ones((3, 4, 2))
    for error in (0.0, 1.0, -1.0, np.nan):
        with pytest.raises(ProblemError, match="relative error between 0 and 1"):
            attend(*arrays, k=1, error=error, method="exact")
    with pytest.raises(ProblemError, match="most_samples"):
        attend(*arrays, k=1, most_samples=3, method="exact")
    with pytest.raises(ProblemError, match="at least one"):
        attend(*arrays, k=1, error=0.1, most_samples=0, method="exact")

    class Plain:
        def __init__(self, field):
            self.values, self.row_sums, self.apply = field.values, field.row_sums, field.apply

    def own(problem, found, draws, shift):
        return Plain(ConstantField(np.ones(problem.n_q), problem.visible))

    with pytest.raises(ProblemError, match="largest_residual"):
        attend(*arrays, k=1, error=0.1, method="exact", far_field=own)
