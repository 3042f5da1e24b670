"""Algorithm 2 for scores of any size, against the same B in 50 digits; no NaN anywhere."""

from __future__ import annotations

import json
import math
import warnings
from decimal import Decimal, localcontext

import numpy as np
import pytest

from qattn import attend
from qattn.approximation.bounds import bounds
from qattn.approximation.far_field import ConstantField, LinearField
from qattn.approximation.sparse import sparse_attention
from qattn.search.statistics import GroverStatistics

FIELDS = ("ones", "constant", "linear")


def decimals(values):
    return [Decimal(float(value)) for value in np.ravel(values)]


def far_weight(far, name, i, j, shift):
    """The far field's coefficient for key j in row i, times exp(-shift), from its definition."""
    if name == "ones":
        return (-Decimal(float(shift))).exp()
    if isinstance(far, ConstantField):
        return Decimal(float(far.weight[i]))
    assert isinstance(far, LinearField)
    p = far.problem
    offset = sum(
        (q * (k - c) for q, k, c in zip(decimals(p.Q[i]), decimals(p.K[j]), decimals(far.center), strict=True)),
        Decimal(0),
    )
    return Decimal(float(far.beta[i])) + Decimal(float(far.slope[i])) * (offset - Decimal(float(far.mean[i])))


def worst(result):
    """The largest |output - D^-1 B V| over sum_j |B_ij||V_j| / D_i, which is 0/0 = 0 where V is 0; B in 50 digits.

    Below 1e-290 of the row's largest weight float64 has fewer digits, then none: such differences count as 0.
    """
    p, largest = result.problem, 0.0
    with localcontext() as context:
        context.prec = 50
        for i in range(p.n_q):
            seen, shift = int(p.visible[i]), result.attention.shift[i]
            scores = dict(zip(result.found[i].tolist(), p.scores(i)[result.found[i]], strict=True))
            B = [
                (Decimal(float(scores[j])) - Decimal(float(shift))).exp()
                if j in scores
                else far_weight(result.attention.far, result.far_field, i, j, shift)
                for j in range(seen)
            ]
            D = sum(B, Decimal(0))
            for c in range(p.V.shape[1]):
                V = decimals(p.V[:seen, c])
                exact = sum((b * v for b, v in zip(B, V, strict=True)), Decimal(0)) / D
                scale = sum((abs(b * v) for b, v in zip(B, V, strict=True)), Decimal(0)) / D
                error = abs(Decimal(float(result.output[i, c])) - exact)
                if error > Decimal("1e-290"):
                    largest = max(largest, float(error / scale) if scale else math.inf)
    return largest


def instance(rng):
    """Any sizes, scores of any size up to 1e4, of one sign or both, far apart or close; V of all sizes, 0 too."""
    n, n_q, d = (int(rng.integers(1, high)) for high in (9, 4, 4))
    size = 10.0 ** rng.uniform(-3, 4)
    Q, K = rng.normal(size=(n_q, d)), rng.normal(size=(n, d))
    kind = rng.integers(4)
    if kind == 1:  # all scores beside one number
        Q[:, 0], K[:, 0] = 1.0, rng.uniform(-1e4, 1e4)
        K[:, 1:] *= rng.choice([1e-3, 1.0, 30.0])
    else:
        K *= size / max(np.abs(Q @ K.T).max(), 1e-300)
    if kind == 2:
        K = -np.abs(K)
        Q = np.abs(Q)
    if kind == 3 and n > 1:
        K[rng.integers(n)] = rng.uniform(-1e4, 1e4, d)  # one key far from the others
    V = rng.normal(size=(n, 2)) * 10.0 ** rng.integers(-3, 4, (n, 1))
    V[rng.random(V.shape) < 0.3] = 0.0
    scores = Q @ K.T
    tau = float(rng.choice([-1e5, 1e5, np.quantile(scores, rng.random()), 0.0]))
    options = {"tau": tau} if rng.random() < 0.6 else {"k": int(rng.integers(1, n + 1))}
    if rng.random() < 0.3:
        options["visible"] = rng.integers(1, n + 1, n_q)
    return (Q, K, V), options


def check(seeds):
    """Every method (classical ones, and circuits' statistics), every far field, and `bounds`, on random instances."""
    methods, counts = ("exact", "halfspace", "grover"), dict.fromkeys((*FIELDS, "flat", "line"), 0)
    for seed in seeds:
        rng = np.random.default_rng(seed)
        arrays, options = instance(rng)
        for number, field in enumerate(FIELDS):
            method = methods[(seed + number) % 3]
            sampler = GroverStatistics() if method == "grover" else None
            result = attend(
                *arrays, **options, method=method, far_field=field, samples=int(rng.integers(1, 6)), seed=seed,
                sampler=sampler,
            )  # fmt: skip
            error = worst(result)
            assert error <= 1e-12, (seed, field, method, error)
            json.loads(result.to_json(), parse_constant=pytest.fail)
            counts[field] += 1
            if field == "linear":
                counts["flat"] += result.flat_rows.size
                counts["line"] += result.problem.n_q - result.flat_rows.size
        for s in result.bounds:
            assert s.ours_true is not False, (seed, s)
            numbers = [value for value in (s.paper, s.ours, s.measured) if value is not None]
            assert not np.isnan(numbers).any(), (seed, s)
    return counts


def test_any_range_in_short():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        counts = check(range(150))
    assert all(counts.values())  # every branch was taken


@pytest.mark.slow
def test_any_range():
    counts = check(range(1000, 3000))
    assert counts["ones"] == 2000
    assert min(counts["flat"], counts["line"]) > 200


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("move", [-1e4, -750.0, -36.0, -30.0, 0.0, 36.0, 750.0, 1e4])
def test_every_key_found_is_exact_attention(field, move):
    K, V = np.array([[move], [move - 1], [move - 2], [move - 3]]), np.array([[1.0], [-2.0], [3.0], [5.0]])
    result = attend([[1.0]], K, V, move - 2000.0, method="exact", far_field=field)
    weights = np.exp([0.0, -1.0, -2.0, -3.0])
    assert result.output[0, 0] == pytest.approx(weights @ V[:, 0] / weights.sum(), rel=1e-14)


def test_values_only_where_the_found_keys_score_low():
    """The column's far part is exactly 0, and what the found keys add is e^-200 of the field's weight there."""
    K, V = np.array([[-200.0]] * 3 + [[-300.0]] * 60), np.zeros((63, 2))
    V[:3, 0], V[:, 1] = [0.1, 0.7, 0.3], 1.0
    result = attend([[1.0]], K, V, -250.0, method="exact")
    assert result.output[0, 0] == pytest.approx(math.exp(-200) * 1.1 / 60, rel=1e-13)
    assert result.output[0, 1] == pytest.approx(1.0, rel=1e-14)
    product, dense = result.attention @ V, result.attention.toarray()
    assert product[0, 0] == pytest.approx(math.exp(-200) * 1.1, rel=1e-13)
    assert dense[0, 0] == pytest.approx(math.exp(-200), rel=1e-13)


def test_few_columns_that_cancel_are_summed_again_and_no_others():
    """The fast sum stands wherever enough of a column is far; only what cancels is paid for twice."""

    class Counted(ConstantField):
        entries = 0

        def apply(self, V):
            Counted.entries += V.size
            return super().apply(V)

    n = 500
    rng = np.random.default_rng(0)
    found, V = [np.array([1, 5])] * n, rng.normal(size=(n, 8))
    for low, extra in ((1.0, 0), (-50.0, n * 9)):  # low scores: one look at |V| and at 1, and the far sums stand
        Counted.entries = 0
        far = Counted(np.ones(n), np.full(n, n))
        sparse_attention((n, n), found, [np.full(2, low)] * n, far, np.zeros(n)).output(V)
        assert Counted.entries == n * 8 + extra
    V[2:5, 3] = V[6:, 3] = V[0, 3] = 0  # this column is 0 on all far keys
    Counted.entries = 0
    output = sparse_attention((n, n), found, [np.full(2, -50.0)] * n, far, np.zeros(n)).output(V)
    assert Counted.entries == n * 8 + n * 9 + n * n  # one column a row
    assert output[:, 3] == pytest.approx(math.exp(-50) * V[[1, 5], 3].sum() / (n - 2), rel=1e-12)


@pytest.mark.parametrize("outlier", [-1e4, 1e4])
def test_linear_falls_back_where_the_line_leaves_what_weights_can_be(outlier):
    """The drawn keys score about 0, a key that was not drawn 1e4 away: the line through the drawn ones is no guide."""
    rng = np.random.default_rng(1)
    K = np.column_stack([rng.normal(size=400), np.zeros(400)])
    K[7] = [outlier, 0.0]
    Q, V = np.array([[1.0, 0.0], [0.01, 0.0]]), rng.normal(size=(400, 2))
    line = attend(Q, K, V, 20.0 if outlier < 0 else 1e5, method="exact", far_field="linear", samples=8, seed=0)
    flat = attend(Q, K, V, 20.0 if outlier < 0 else 1e5, method="exact", far_field="constant", samples=8, seed=0)
    assert 7 not in line.draws.columns[0]
    assert 0 in line.flat_rows
    np.testing.assert_allclose(line.output[line.flat_rows], flat.output[line.flat_rows], rtol=1e-12)
    assert 'fell back on "constant"' in line.report()
    assert line.to_dict()["flat_rows"] == line.flat_rows.tolist()
    assert flat.flat_rows.size == 0
    assert "fell back" not in flat.report()


def test_what_the_rule_for_lines_promises():
    """Rows that keep their line: its mean and its value at tau are weights that can be, and |far| <= 3 mean times N."""
    rng, kept = np.random.default_rng(2), 0
    for seed in range(60):
        Q, K = rng.normal(size=(8, 3)) * rng.choice([0.3, 1, 4, 40]), rng.standard_t(2, size=(50, 3))
        result = attend(Q, K, np.ones((50, 1)), k=4, method="exact", far_field="linear", samples=5, seed=seed)
        far, dense = result.attention.far, result.attention.toarray()
        for i in np.setdiff1d(np.arange(8), result.flat_rows):
            row, kept = result.problem.scores(i), kept + 1
            rest = np.delete(dense[i], result.found[i])
            top = np.exp(row[result.found[i]].min() - result.attention.shift[i])
            assert 0 < far.beta[i] <= top * (1 + 1e-12)
            assert rest.max() <= top * (1 + 1e-9)
            assert np.abs(rest).sum() <= 3 * far.beta[i] * rest.size * (1 + 1e-9)
    assert kept > 100


@pytest.mark.parametrize("score", [750.0, 5000.0, 1e4])
@pytest.mark.parametrize("member", [True, False])
def test_bounds_beyond_exp(score, member):
    """A score of 750, found or missed: both sides are known by their logarithms, and ours are true."""
    K = np.array([[score], [0.0], [-0.5], [-score]])
    statements = bounds([[1.0]], K, np.ones((4, 1)), 20.0, None if member else [np.empty(0, np.int64)])
    for s in statements:
        assert s.ours_true is not False, s
        for value in (s.paper, s.ours, s.measured):
            assert value is None or not math.isnan(value), s
    sums = next(s for s in statements if s.claim.startswith("|A 1 - B 1| <="))
    assert (sums.measured == math.inf) == (not member)
    assert sums.log_measured == pytest.approx(score if not member else math.log(1 + 1 - math.exp(-0.5)), rel=1e-9)
