"""Every structure reports exactly the points whose score reaches the offset."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qattn.classical import exact, halfspace
from qattn.classical import scan as products
from qattn.classical.halfspace import HalfSpaceReporter

KINDS = ["normal", "sphere", "grid", "line", "clusters", "far", "tiny", "huge", "mixed", "zero"]


def cloud(kind, n, d, rng):
    """n points of a kind that is easy, degenerate, or at the edge of float64."""
    points = rng.normal(size=(n, d))
    match kind:
        case "sphere":
            points /= np.linalg.norm(points, axis=1, keepdims=True)
        case "grid":
            points = rng.integers(-3, 4, (n, d)) * 0.1
        case "line":
            points = rng.integers(-50, 50, (n, 1)) * rng.normal(size=(1, d))
        case "clusters":
            points = np.round(points) + 1e-9 * rng.normal(size=(n, d))
        case "far":
            points = 1e8 + points
        case "tiny":
            points *= 1e-200
        case "huge":
            points *= 1e155
        case "mixed":
            points *= 10.0 ** rng.integers(-120, 120, (n, d))
        case "zero":
            points[:] = 0.0
    return points


def queries(points, m, rng):
    """Normals of several sizes, the zero vector among them, and offsets that some point meets exactly."""
    Q = rng.normal(size=(m, points.shape[1])) * 10.0 ** rng.integers(-100, 100, (m, 1))
    Q[0] = 0.0
    if m > 2:
        Q[1, 0], Q[2] = 0.0, np.eye(points.shape[1])[0]
    tau = np.array([rng.choice(np.sort(exact.scores(q, points))[-20:]) for q in Q])
    return Q, np.where(np.isfinite(tau), tau, 0.0)


def structures(d):
    return ["auto", "boxes", "products"] + ["layers"] * (d == 2)


def check(points, Q, tau, **options):
    found = HalfSpaceReporter(points, **options).query(Q, tau)
    for q, offset, indices in zip(Q, np.broadcast_to(tau, len(Q)), found, strict=True):
        np.testing.assert_array_equal(indices, np.flatnonzero(exact.scores(q, points) >= offset), str(options))
        assert indices.dtype == np.int64


@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning", "ignore:invalid value:RuntimeWarning")
@settings(deadline=None, max_examples=150, print_blob=True)
@given(
    st.sampled_from(KINDS), st.integers(1, 300), st.sampled_from([1, 2, 2, 2, 3, 4, 8, 20]), st.integers(0, 2**32 - 1)
)
def test_every_structure_is_exact(kind, n, d, seed):
    rng = np.random.default_rng(seed)
    points = cloud(kind, n, d, rng)
    Q, tau = queries(points, 8, rng)
    for structure in structures(d):
        check(points, Q, tau, structure=structure)


@pytest.mark.parametrize("kind", ["normal", "sphere", "grid", "line", "clusters"])
@pytest.mark.parametrize("d", [2, 3, 8])
def test_larger_clouds(kind, d):
    rng = np.random.default_rng(5)
    points = cloud(kind, 20_000, d, rng)
    Q, tau = queries(points, 40, rng)
    for structure in structures(d):
        check(points, Q, tau, structure=structure)


@pytest.mark.parametrize("d", [1, 2, 5])
def test_infinite_offsets_and_wide_open_ones(d):
    rng = np.random.default_rng(d)
    points, Q = rng.normal(size=(700, d)), rng.normal(size=(5, d))
    for tau in (-np.inf, np.inf, -1e300, 1e300, np.array([-100.0, 0.0, -0.5, np.inf, -np.inf])):
        for structure in structures(d):
            check(points, Q, tau, structure=structure)


def test_kernels_score_bit_for_bit():
    """No fused or reordered operation: a point whose score equals the offset to the last bit is always reported."""
    rng = np.random.default_rng(9)
    for d in (2, 3, 7):
        points, Q = rng.normal(size=(4000, d)), rng.normal(size=(50, d))
        chosen = rng.integers(0, 4000, 50)
        tau = np.array([exact.scores(q, points[j : j + 1])[0] for q, j in zip(Q, chosen, strict=True)])
        for structure in structures(d):
            reporter = HalfSpaceReporter(points, structure=structure)
            assert all(j in row for j, row in zip(chosen, reporter.query(Q, tau), strict=True))
            beyond = reporter.query(Q, np.nextafter(tau, np.inf))
            assert not any(j in row for j, row in zip(chosen, beyond, strict=True))


def test_threads_change_nothing(monkeypatch):
    monkeypatch.setattr(halfspace, "CHUNK", 10)
    rng = np.random.default_rng(0)
    for d in (2, 3):
        points, Q = rng.normal(size=(3000, d)), rng.normal(size=(101, d))
        one = HalfSpaceReporter(points, threads=1).query(Q, 1.0)
        several = HalfSpaceReporter(points, threads=3).query(Q, 1.0)
        for a, b in zip(one, several, strict=True):
            np.testing.assert_array_equal(a, b)


def test_a_tree_that_does_not_pay_gives_way(monkeypatch):
    rng = np.random.default_rng(1)
    points, Q = rng.normal(size=(50_000, 4)), rng.normal(size=(64, 4))
    Q /= np.linalg.norm(Q, axis=1, keepdims=True)
    tau = np.where(np.arange(64) % 4 == 1, -1.0, 3.5)  # wide rows run over the budget of a tree, narrow ones do not
    check(points, Q, tau)
    check(points, Q, -1.0)
    reporter = HalfSpaceReporter(points)
    monkeypatch.setattr(products, "query", lambda *_: pytest.fail("narrow rows need no products"))
    assert reporter.structure == "boxes"
    reporter.query(Q, 3.5)


def test_evaluations_are_those_truly_made():
    """Products compute every pair; a structure tries at least what it reports, and less than all where it pays."""
    rng = np.random.default_rng(6)
    for n, d, structure in ((100, 3, "products"), (5000, 2, "layers"), (5000, 3, "boxes"), (900, 17, "products")):
        points, Q = rng.normal(size=(n, d)), rng.normal(size=(40, d))
        reporter = HalfSpaceReporter(points)
        assert reporter.structure == structure
        tau = np.sort(Q @ points.T)[:, -5]
        found, spent = reporter.counted(Q, tau)
        assert spent.shape == (40,)
        if structure == "products":
            assert (spent == n).all()
        else:
            assert all(count >= js.size for js, count in zip(found, spent, strict=True))
            assert spent[-1] < n
        assert reporter.counted(Q, 1e3)[1].sum() == (n * 40 if structure == "products" else spent_on_nothing(reporter))


def spent_on_nothing(reporter):
    """What 40 rows above every point cost: one vertex each, or one node of eight corners (and one row sent twice)."""
    return 40 if reporter.structure == "layers" else 8 * (40 + 3)


def test_rows_given_up_by_the_tree_cost_the_tree_and_the_products():
    rng = np.random.default_rng(1)
    points, Q = rng.normal(size=(50_000, 4)), rng.normal(size=(64, 4))
    tau = np.where(np.arange(64) % 4 == 1, -1.0, 3.5) * np.linalg.norm(Q, axis=1)
    _, spent = HalfSpaceReporter(points).counted(Q, tau)
    assert (spent[1::4] > 50_000).all()
    assert (np.delete(spent, np.arange(1, 64, 4)) < 50_000).all()


def test_the_structure_follows_the_points(monkeypatch):
    rng = np.random.default_rng(3)
    monkeypatch.setattr(halfspace, "PEELABLE", 1000)
    chosen = {}
    for n, d in ((100, 2), (900, 2), (5000, 2), (900, 3), (900, 16), (900, 17)):
        chosen[n, d] = HalfSpaceReporter(rng.normal(size=(n, d))).structure
    assert chosen == {
        (100, 2): "products", (900, 2): "layers", (5000, 2): "boxes", (900, 3): "boxes", (900, 16): "boxes",
        (900, 17): "products",
    }  # fmt: skip


def test_small_instances_load_no_compiler():
    code = (
        "import sys, numpy as np; from qattn.classical.halfspace import HalfSpaceReporter;"
        "import qattn.approximation.bounds;"
        "from qattn.maxip import max_inner_product; A = np.eye(9); HalfSpaceReporter(A).query(A, 0.5);"
        "max_inner_product(A, A); assert 'numba' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: HalfSpaceReporter(np.ones(3)), r"\(3,\)"),
        (lambda: HalfSpaceReporter(np.ones((0, 3))), "n, d >= 1"),
        (lambda: HalfSpaceReporter([[np.nan, 1.0]]), "finite"),
        (lambda: HalfSpaceReporter(np.ones((2, 3)), structure="layers"), "d = 3"),
        (lambda: HalfSpaceReporter(np.ones((2, 3)), structure="ball"), "'ball'"),
        (lambda: HalfSpaceReporter(np.ones((2, 3))).query(np.ones((4, 2)), 0.0), r"\(m, 3\)"),
        (lambda: HalfSpaceReporter(np.ones((2, 3))).query(np.full((4, 3), np.inf), 0.0), "finite"),
        (lambda: HalfSpaceReporter(np.ones((2, 3))).query(np.ones((2, 3)), [0.0, np.nan]), "offset 1 is NaN"),
    ],
)
def test_bad_input_says_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
