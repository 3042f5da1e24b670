"""Far fields: their draws, their fits, and what each one assumes."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qattn import attend
from qattn.approximation.draws import Draws, draw, random_order
from qattn.approximation.error import relative_error
from qattn.approximation.far_field import ConstantField, constant, linear
from qattn.classical.exact import exact_attention
from qattn.data import heads, load_head, theorem_instance
from qattn.problem import make_problem

FIELDS = ("ones", "constant", "linear")


def instance(seed, n_q=6, n=20, d=3, d_v=2, spread=1.0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n_q, d)) * spread, rng.normal(size=(n, d)), rng.normal(size=(n, d_v))


@given(
    n=st.integers(1, 40), count=st.integers(0, 30), k=st.integers(0, 10), seed=st.integers(0, 99), causal=st.booleans()
)
@settings(max_examples=80, deadline=None)
def test_draws_are_distinct_and_outside_the_excluded(n, count, k, seed, causal) -> None:
    Q, K, V = instance(seed, n_q=min(4, n), n=n)
    problem = make_problem(Q, K, V, 0.0, causal=causal)
    rng = np.random.default_rng(seed)
    excluded = [np.sort(rng.permutation(m)[:k]) for m in problem.visible]
    draws = draw(problem, excluded, count, np.random.SeedSequence(seed))
    for i, js in enumerate(draws.columns):
        assert len(set(js)) == len(js) == min(count, problem.visible[i] - len(excluded[i]))
        assert not set(js) & set(excluded[i])
        assert all(0 <= j < problem.visible[i] for j in js)
        assert draws.scores[i] == pytest.approx(K[js] @ Q[i])
    assert draws.population.tolist() == [m - len(js) for m, js in zip(problem.visible, excluded, strict=True)]


def test_draws_do_not_depend_on_how_rows_are_split() -> None:
    Q, K, V = instance(0, n_q=9, n=50)
    seed = np.random.SeedSequence(5)
    excluded = [np.array([i, i + 7]) for i in range(9)]
    whole = draw(make_problem(Q, K, V, 0.0), excluded, 6, seed)
    for start, end in ((0, 4), (4, 9)):
        part = draw(make_problem(Q[start:end], K, V, 0.0), excluded[start:end], 6, seed, first=start)
        for a, b in zip(whole.columns[start:end], part.columns, strict=True):
            assert np.array_equal(a, b)
    assert not np.array_equal(whole.columns[0], whole.columns[1])


@pytest.mark.parametrize("n", [50, 100_000])
def test_more_draws_begin_with_the_fewer(n: int) -> None:
    few, many = (random_order(n, count, np.random.default_rng(3)) for count in (10, 30))
    assert np.array_equal(few, many[:10])
    assert np.unique(many).size == 30


@pytest.mark.parametrize(("n", "count"), [(12, 3), (5000, 3)])
def test_draws_are_uniform(n: int, count: int) -> None:
    rng, runs = np.random.default_rng(0), 4000
    drawn = np.concatenate([random_order(n, count, rng) for _ in range(runs)])
    share = np.bincount(drawn * 10 // n, minlength=10) if n > 100 else np.bincount(drawn, minlength=n)
    expected = runs * count / share.size
    assert np.abs(share - expected).max() < 5 * np.sqrt(expected)


@pytest.mark.parametrize("far_field", FIELDS)
@pytest.mark.parametrize("causal", [False, True])
def test_the_error_identity_of_the_module(far_field: str, causal: bool) -> None:
    Q, K, V = instance(1, n_q=10, n=20)
    result = attend(Q, K, V, k=4, method="exact", far_field=far_field, causal=causal, samples=3, seed=2)
    dense = result.attention.toarray()
    for i, seen in enumerate(result.problem.visible):
        weights = np.exp(K[:seen] @ Q[i] - result.attention.shift[i])
        residual = dense[i, :seen] - weights
        assert np.allclose(residual[result.found[i]], 0)
        error = residual @ (V[:seen] - result.output[i]) / weights.sum()
        assert np.allclose(error, result.output[i] - weights @ V[:seen] / weights.sum())


def test_constant_is_the_mean_and_knows_its_error() -> None:
    Q, K, V = instance(2, n_q=1, n=200, spread=0.7)
    problem, none, zero = make_problem(Q, K, V, 9.0), [np.empty(0, np.int64)], np.zeros(1)
    weights = np.exp(K @ Q[0])
    exact = constant(problem, none, draw(problem, none, 200, np.random.SeedSequence(0)), zero)
    assert exact.weight[0] == pytest.approx(weights.mean())
    assert exact.standard_error[0] == 0
    runs = [constant(problem, none, draw(problem, none, 20, np.random.SeedSequence(s)), zero) for s in range(400)]
    spread = np.std([run.weight[0] for run in runs])
    assert np.mean([run.weight[0] for run in runs]) == pytest.approx(weights.mean(), abs=4 * spread / 20)
    assert np.sqrt(np.mean([run.standard_error[0] ** 2 for run in runs])) == pytest.approx(spread, rel=0.15)
    lone = constant(problem, none, draw(problem, none, 1, np.random.SeedSequence(0)), zero)
    assert np.isinf(lone.standard_error[0])


def test_linear_is_the_regression_line_and_beats_the_mean() -> None:
    Q, K, V = instance(3, n_q=1, n=300, spread=0.3)
    problem, none, zero = make_problem(Q, K, V, 9.0), [np.empty(0, np.int64)], np.zeros(1)
    s = K @ Q[0]
    line = linear(problem, none, draw(problem, none, 300, np.random.SeedSequence(0)), zero)
    slope, _ = np.polyfit(s, np.exp(s), 1)
    assert (line.slope[0], line.mu[0], line.beta[0]) == pytest.approx((slope, s.mean(), np.exp(s).mean()))
    seeds = [np.random.SeedSequence(seed) for seed in range(200)]
    draws = [draw(problem, none, 16, seed) for seed in seeds]
    means = [constant(problem, none, drawn, zero).weight[0] for drawn in draws]
    betas = [linear(problem, none, drawn, zero).beta[0] for drawn in draws]
    assert np.std(betas) < 0.6 * np.std(means)


def test_negative_weights_leave_positive_row_sums_and_rows_that_sum_to_one() -> None:
    Q, K, V = instance(4, n_q=30, n=60, spread=3.0)
    result = attend(Q, K, V, k=3, method="exact", far_field="linear", samples=4, seed=0)
    assert (result.attention.toarray() < 0).any()
    assert (result.attention.row_sums() > 0).all()
    ones = attend(Q, K, np.ones((60, 1)), k=3, method="exact", far_field="linear", samples=4, seed=0)
    assert np.allclose(ones.output, 1)


@pytest.mark.parametrize("far_field", ["constant", "linear"])
@pytest.mark.parametrize("move", [-1e5, -800.0, 50.0, 800.0, 1e5])
def test_a_common_shift_of_all_scores_changes_nothing(far_field: str, move: float) -> None:
    Q, K, V = instance(5)
    still = attend(Q, K, V, k=4, method="exact", far_field=far_field, samples=5, seed=1)
    wider = np.column_stack([Q, np.full(len(Q), move)]), np.column_stack([K, np.ones(len(K))])
    moved = attend(*wider, V, k=4, method="exact", far_field=far_field, samples=5, seed=1)
    assert np.allclose(moved.output, still.output, atol=1e-9)


def test_no_member_and_scores_far_below_zero() -> None:
    Q, K, V = np.ones((1, 1)), np.array([[-2000.0], [-2001.0]]), np.array([[1.0], [3.0]])
    constant = attend(Q, K, V, 0.0, method="exact", far_field="constant", seed=0)
    assert constant.output[0, 0] == pytest.approx(2.0)
    linear = attend(Q, K, V, 0.0, method="exact", far_field="linear", seed=0)  # two points: the line is exact
    assert linear.output[0, 0] == pytest.approx(exact_attention(linear.problem)[0, 0])


def test_ones_keeps_lemma_5_2_where_its_assumption_holds() -> None:
    for seed in range(5):
        Q, K, V, tau = theorem_instance(40, 8, 3, eta=0.3, seed=seed)
        result = attend(Q, K, V, tau, method="exact")
        assert result.max_error() <= 2 * 0.3 * np.abs(V).max()


def test_constant_is_exact_where_far_values_agree() -> None:
    Q, K, V = instance(6)
    V[:] = V[0]
    assert attend(Q, K, V, k=2, method="exact", far_field="constant", samples=1, seed=0).max_error() < 1e-12


@pytest.mark.parametrize("far_field", FIELDS)
def test_samples_are_counted(far_field: str) -> None:
    Q, K, V = instance(7, n_q=20, n=20)
    result = attend(Q, K, V, k=4, method="exact", far_field=far_field, samples=5, causal=True, seed=0)
    extra = 0 if far_field == "ones" else 5
    visible = np.arange(1, 21)
    assert np.array_equal(result.evaluations, visible + np.minimum(extra, np.maximum(visible - 4, 0)))


def test_a_far_field_of_your_own() -> None:
    def half(problem, found, draws, shift):
        return ConstantField(0.5 * np.exp(-shift), problem.visible)

    Q, K, V = instance(8)
    result = attend(Q, K, V, k=2, method="exact", far_field=half, samples=1)
    dense = np.full((6, 20), 0.5)
    for i, js in enumerate(result.found):
        dense[i, js] = np.exp(K[js] @ Q[i])
    assert result.far_field == "half"
    assert np.allclose(result.output, dense @ V / dense.sum(axis=1)[:, None])


def test_real_heads_at_k_16_with_16_samples() -> None:
    median = {}
    for field in FIELDS:
        runs = [attend(*load_head(head, 64), k=16, method="exact", far_field=field, seed=0) for head in heads(64)]
        median[field] = np.median([relative_error(run) for run in runs])
    assert median["constant"] <= 0.15
    assert median["linear"] <= 0.08
    assert median["ones"] > 0.2


@pytest.mark.parametrize(("n", "m"), [(6, 2), (6, 4), (7, 6), (5, 5)])
def test_standard_errors_know_that_keys_are_drawn_once(n, m) -> None:
    """Over all draws of m of n keys, the mean squared standard error is the variance of the mean, exactly."""
    Q, K, V = instance(3, n_q=1, n=n)
    problem = make_problem(Q, K, V, 1e6)
    fits = []
    for chosen in combinations(range(n), m):
        columns = [np.array(chosen)]
        draws = Draws(columns, problem.scores_of(columns), np.array([n]))
        fits.append(constant(problem, [np.empty(0, np.int64)], draws, np.zeros(1)))
    spread = np.var([fit.weight[0] for fit in fits])
    assert np.mean([fit.standard_error[0] ** 2 for fit in fits]) == pytest.approx(spread, rel=1e-9, abs=1e-12)
