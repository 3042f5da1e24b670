"""A cache gives, token for token, what attend gives from scratch under the same seed."""

import copy
import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qattn import AttentionCache, GroverStatistics, SparseSampler, attend
from qattn.approximation.sparse import SparseAttention
from qattn.encoding.kept import Kept, Moments
from qattn.machines.row_search import Interrupted
from qattn.problem import ProblemError

OURS = GroverStatistics()
ALL = {"rank": "all", "bits": 6}


def head(n, d=4, d_v=3, seed=0):
    rng = np.random.default_rng(seed)
    Q, K = rng.normal(size=(2, n, d))
    return 1.5 * Q, K, rng.normal(size=(n, d_v))


def equal(ours, fresh):
    """Same sets, queries, draws, evaluations; the same output to 1e-12 of what it is summed from."""
    assert [js.tolist() for js in ours.found] == [js.tolist() for js in fresh.found]
    assert ours.queries.tolist() == fresh.queries.tolist()
    assert ours.evaluations.tolist() == fresh.evaluations.tolist()
    assert [js.tolist() for js in ours.draws.columns] == [js.tolist() for js in fresh.draws.columns]
    assert ours.miss_bound == fresh.miss_bound
    assert (ours.precision is None) == (fresh.precision is None)
    if ours.precision is not None:
        assert (ours.precision.bits, ours.precision.rank) == (fresh.precision.bits, fresh.precision.rank)
    size = np.abs(fresh.problem.V).max()
    np.testing.assert_allclose(ours.output, fresh.output, rtol=1e-12, atol=1e-12 * size)


def scratch(cache, q, call):
    return attend(
        np.atleast_2d(q), np.array(cache.keys), np.array(cache.values), seed=cache.seed_of(call), **cache.options
    )


def decode(cache, Q, K, V, every=1, start=0):
    if start:
        cache.append(K[:start], V[:start])
    for t in range(start, len(K)):
        cache.append(K[t], V[t])
        if t % every == 0 or t == len(K) - 1:
            equal(cache.attend(Q[t]), scratch(cache, Q[t], cache.calls - 1))


@pytest.mark.parametrize("far_field", ["ones", "constant", "linear"])
@pytest.mark.parametrize("options", [{"k": 4, **ALL}, {"tau": 2.5, **ALL}, {"tau": 2, "k": 6, "method": "exact"}])
def test_256_tokens_are_what_attend_gives_from_scratch(far_field, options) -> None:
    """Every 17th of them; the slow test below does all."""
    cache = AttentionCache(far_field=far_field, samples=5, sampler=OURS, seed=7, **options)
    decode(cache, *head(256), every=17)
    assert len(cache) == 256


@pytest.mark.slow
@pytest.mark.parametrize("options", [
    *({"far_field": f, **s, **ALL} for f in ("ones", "constant", "linear") for s in ({"k": 4}, {"tau": 2.5})),
    {"far_field": "linear", "k": 4}, {"far_field": "constant", "tau": 2.5, "bits": 5},
    {"far_field": "linear", "k": 4, "error": 0.3, **ALL}, {"far_field": "linear", "tau": 2.5, "method": "halfspace"},
    {"far_field": "linear", "k": 4, "block": 1, "neighbours": True, "objective": "rounds", **ALL},
])  # fmt: skip
def test_every_one_of_256_tokens(options) -> None:
    decode(AttentionCache(sampler=OURS, seed=8, **options), *head(256, seed=1))


def test_the_encoding_that_attend_chooses() -> None:
    decode(AttentionCache(k=3, far_field="linear", sampler=OURS, seed=1), *head(40), every=7)


def test_on_circuits() -> None:
    for sampler in (SparseSampler(seed=3), None):
        Q, K, V = head(7, d=2)
        cache = AttentionCache(tau=0.5, sampler=sampler, seed=2, bits=3, rank="all")
        cache.append(K[:5], V[:5])
        for t in (5, 6) if sampler is not None else (5,):
            cache.append(K[t], V[t])
            if sampler is None:
                equal(cache.attend(Q[t]), scratch(cache, Q[t], cache.calls - 1))
            else:  # it draws from its own seed, and goes on
                found = cache.attend(Q[t]).found[0]
                assert found.tolist() == np.flatnonzero(K[: t + 1] @ Q[t] >= 0.5).tolist()


@given(data=st.data(), far_field=st.sampled_from(["ones", "constant", "linear"]), d=st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_any_order_of_append_attend_crop_and_reset(data, far_field, d) -> None:
    numbers = st.sampled_from([0.0, -0.0, 1.0, -2.0, 0.5, 1e3, -1e-9])
    cache = AttentionCache(k=2, far_field=far_field, samples=3, sampler=OURS, seed=5, **ALL)
    K, V = np.empty((0, d)), np.empty((0, 2))
    for _ in range(data.draw(st.integers(1, 12))):
        step = data.draw(st.sampled_from(["append", "append", "attend", "crop", "reset"]))
        if step == "append":
            m = data.draw(st.integers(1, 5))
            more = np.array(data.draw(st.lists(numbers, min_size=m * (d + 2), max_size=m * (d + 2)))).reshape(m, d + 2)
            cache.append(more[:, :d], more[:, d:])
            K, V = np.vstack([K, more[:, :d]]), np.vstack([V, more[:, d:]])
        elif step == "attend" and len(K):
            q = np.array(data.draw(st.lists(numbers, min_size=2 * d, max_size=2 * d))).reshape(2, d)
            fresh = attend(q, K, V, seed=cache.seed_of(cache.calls), **cache.options)
            equal(cache.attend(q), fresh)
        elif step == "crop":
            n = data.draw(st.integers(-len(K), len(K)))
            cache.crop(n)
            K, V = K[:n], V[:n]
        elif step == "reset":
            cache.reset()
            K, V = K[:0], V[:0]
        assert np.array_equal(cache.keys, K) or not len(K) == len(cache) > 0
        assert len(cache) == len(K)


def test_a_key_a_million_times_larger_arrives_late() -> None:
    Q, K, V = head(40)
    K[30] *= 1e6
    for far_field in ("constant", "linear"):
        cache = AttentionCache(k=3, far_field=far_field, sampler=OURS, seed=1, **ALL)
        decode(cache, Q, K, V, start=28)


@pytest.mark.parametrize("case", ["ties", "zeros", "1e154", "tiny", "one common part", "integers"])
@pytest.mark.parametrize("far_field", ["ones", "constant", "linear"])
def test_keys_of_all_kinds(case, far_field) -> None:
    Q, K, V = head(24, d=3)
    if case == "ties":
        K = K[np.arange(24) % 3]
    elif case == "zeros":
        K = np.zeros_like(K)
    elif case == "1e154":
        Q, K = Q * 1e-154, K * 1e154
    elif case == "tiny":
        K = K * 1e-300
    elif case == "one common part":
        K = K + 1e4
        Q = Q / 100
    elif case == "integers":
        K = np.rint(2 * K)
    for more in (ALL, {}):
        cache = AttentionCache(k=2, far_field=far_field, samples=4, sampler=OURS, seed=3, **more)
        cache.append(K[:21], V[:21])
        for t in range(21, 24):
            cache.append(K[t], V[t])
            ours, fresh = cache.attend(Q[t]), scratch(cache, Q[t], cache.calls - 1)
            assert ours.found[0].tolist() == fresh.found[0].tolist()
            assert ours.queries.tolist() == fresh.queries.tolist()
            np.testing.assert_allclose(ours.output, fresh.output, rtol=1e-9, atol=1e-9)


def test_one_key_and_several_rows() -> None:
    cache = AttentionCache(k=1, sampler=OURS, seed=1)
    cache.append([1.0, 2.0], [3.0])
    assert cache.attend([1, 1]).output.tolist() == [[3.0]]
    np.testing.assert_allclose(cache.attend(np.eye(2)).output, [[3.0], [3.0]], rtol=1e-15)
    assert cache.calls == 2


def test_calls_have_the_seeds_of_spawn_and_bounds_add_up() -> None:
    cache, (Q, K, V) = AttentionCache(k=2, delta=0.1, sampler=OURS, seed=11), head(30)
    cache.append(K, V)
    children = np.random.SeedSequence(11).spawn(3)
    runs = []
    for t in range(3):
        assert cache.seed_of(t).spawn_key == children[t].spawn_key
        runs.append(cache.attend(Q[t]))
        equal(runs[-1], attend(Q[t : t + 1], K, V, k=2, delta=0.1, sampler=OURS, seed=children[t]))
    assert cache.miss_bound == pytest.approx(sum(run.miss_bound for run in runs))
    assert 0 < cache.miss_bound <= 0.3
    cache.reset()
    assert cache.calls == 3
    assert cache.miss_bound > 0
    generator = np.random.default_rng(4)
    one, two = AttentionCache(k=2, seed=generator), AttentionCache(k=2, seed=generator)
    assert one.seed_of(0).entropy == one.seed_of(1).entropy != two.seed_of(0).entropy


def test_what_the_caller_writes_to_afterwards_is_not_seen() -> None:
    _, K, V = head(6)
    cache = AttentionCache(k=2, far_field="linear", sampler=OURS, seed=1)
    mine, also = K[:5].copy(), V[:5].copy()
    cache.append(mine, also)
    mine[:], also[:] = 99, 99
    assert np.array_equal(cache.keys, K[:5])
    assert np.array_equal(cache.values, V[:5])
    for view in (cache.keys, cache.values):
        with pytest.raises(ValueError, match="read-only"):
            view[0] = 1
    cache.options["k"] = 5
    assert cache.options["k"] == 2


def test_an_earlier_result_stays_as_it_was() -> None:
    Q, K, V = head(40)
    cache = AttentionCache(k=2, far_field="linear", sampler=OURS, seed=1, **ALL)
    cache.append(K[:10], V[:10])
    early = cache.attend(Q[0])
    output, dense, report = early.output.copy(), early.attention.toarray(), early.report()
    cache.append(K[10:20], V[10:20])
    cache.crop(8)
    cache.append(K[20:], V[20:])
    cache.attend(Q[1])
    assert np.array_equal(early.problem.K, K[:10])
    np.testing.assert_allclose(early.attention.output(early.problem.V), output, rtol=1e-13)
    assert np.array_equal(early.attention.toarray(), dense)
    assert early.report().split("s wall")[0] == report.split("s wall")[0]
    equal(cache.attend(Q[2]), scratch(cache, Q[2], cache.calls - 1))


@pytest.mark.parametrize(("K", "V", "message"), [
    (np.ones((2, 3)), np.ones((2, 2)), "K has shape"),
    (np.ones((2, 2)), np.ones((2, 3)), "V has shape"),
    (np.ones((2, 2)), np.ones((3, 2)), "both need the same n"),
    ([[1, np.nan]], [[1, 1]], r"K\[0, 1\] is nan"),
    ([[1, 1]], [[1, np.inf]], r"V\[0, 1\] is inf"),
    (np.ones((0, 2)), np.ones((0, 2)), "none of them 0"),
    (1.0, 1.0, "none of them 0"),
    (np.ones((1, 2, 2)), np.ones((1, 2, 2)), "none of them 0"),
    ([["a", "b"]], [[1, 1]], "real numbers"),
])  # fmt: skip
def test_a_failed_append_leaves_the_cache_as_it_was(K, V, message) -> None:
    cache = AttentionCache(k=1, method="exact", seed=0)
    cache.append(np.eye(2), np.eye(2))
    with pytest.raises(ProblemError, match=message):
        cache.append(K, V)
    assert np.array_equal(cache.keys, np.eye(2))
    equal(cache.attend([1, 2]), scratch(cache, [1, 2], 0))


def test_what_makes_no_sense_is_refused() -> None:
    for wrong in ({}, {"tau": [1.0, 2.0]}, {"tau": "high"}, {"tau": np.nan}, {"k": 2, "seed": -1}):
        with pytest.raises(ProblemError):
            AttentionCache(**wrong)
    for name in ("causal", "visible", "mask", "resume", "kept", "colour"):
        with pytest.raises(ProblemError, match=name):
            AttentionCache(k=1, **{name: None})
    cache = AttentionCache(k=1, method="exact", delta=2.0)
    with pytest.raises(ProblemError, match="append"):
        cache.attend([1.0])
    cache.append([1.0, 0.0], [1.0])
    with pytest.raises(ProblemError, match="d = 2"):
        cache.attend([1.0])
    with pytest.raises(ProblemError, match="delta"):
        cache.attend([1.0, 1.0])
    for n in (2, -2):
        with pytest.raises(ProblemError, match="crop"):
            cache.crop(n)
    with pytest.raises(ProblemError, match="kept"):
        attend(np.eye(2), np.eye(2), np.eye(2), 1.0, kept=Kept.of(np.eye(2), np.eye(2)))
    assert cache.calls == 0
    assert "1 keys" in repr(cache)


class Stops(GroverStatistics):
    """A machine at which somebody presses Ctrl-C once, in its second job."""

    left = 1

    def run(self, jobs):
        if Stops.left == 0:
            Stops.left = -1
            raise KeyboardInterrupt
        Stops.left -= 1
        return super().run(jobs)


def test_ctrl_c_leaves_the_cache_usable() -> None:
    Q, K, V = head(60)
    cache = AttentionCache(k=3, far_field="linear", sampler=Stops(), seed=9, **ALL)
    cache.append(K, V)
    wanted = attend(Q[:1], K, V, k=3, far_field="linear", sampler=OURS, seed=cache.seed_of(0), **ALL)
    Stops.left = 1
    with pytest.raises(Interrupted) as stopped:
        cache.attend(Q[0])
    assert cache.calls == 0
    Stops.left = -1
    again = copy.copy(cache)
    equal(cache.attend(Q[0], resume=stopped.value), wanted)
    equal(again.attend(Q[0]), wanted)
    assert cache.calls == 1


def test_ctrl_c_anywhere_in_what_is_kept(monkeypatch) -> None:
    """Stopped before each of the places where something is stored, and asked again."""
    Q, K, V = head(50)
    for name in ("_moments", "code"):
        cache = AttentionCache(k=3, far_field="linear", sampler=OURS, seed=9, **ALL)
        cache.append(K[:40], V[:40])
        cache.attend(Q[0])
        cache.append(K[40:], V[40:])
        original = getattr(Kept, name)

        def stopping(self, *args, original=original):
            original(self, *args)
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(Kept, name, stopping)
            with pytest.raises(KeyboardInterrupt):
                cache.attend(Q[1])
        equal(cache.attend(Q[1]), scratch(cache, Q[1], 1))


def test_copies_grow_apart_and_pickles_go_on() -> None:
    Q, K, V = head(30)
    cache = AttentionCache(k=2, far_field="linear", sampler=OURS, seed=6, **ALL)
    cache.append(K[:10], V[:10])
    cache.attend(Q[0])
    others = [copy.copy(cache), copy.deepcopy(cache), pickle.loads(pickle.dumps(cache))]
    for i, one in enumerate([cache, *others]):
        one.append(K[10 + i], V[10 + i])
    for i, one in enumerate([cache, *others]):
        assert np.array_equal(one.keys, np.vstack([K[:10], K[10 + i]]))
        equal(one.attend(Q[1]), scratch(one, Q[1], 1))


def stale_total(monkeypatch):
    monkeypatch.setattr(Kept, "total", property(lambda self: self.V[:-1].sum(axis=0)))


def stale_moments(monkeypatch):
    fresh = Kept._moments
    monkeypatch.setattr(Kept, "_moments", lambda self, old: old if old is not None else fresh(self, old))


def stale_code(monkeypatch):
    monkeypatch.setattr(Kept, "_holds", lambda self, last: True)


def stale_extremes(monkeypatch):
    extended = Kept.extended
    old = lambda self, K, V: replace(extended(self, K, V), low=self.low, high=self.high)  # noqa: E731
    monkeypatch.setattr(Kept, "extended", old)


@pytest.mark.parametrize("wrong", [stale_total, stale_moments, stale_code, stale_extremes])
def test_a_cache_that_forgets_to_update_is_seen(wrong, monkeypatch) -> None:
    """The null test of `decode` and `equal`."""
    wrong(monkeypatch)
    Q, K, V = head(48)
    K[40] *= 50
    with pytest.raises(AssertionError):
        decode(AttentionCache(k=3, far_field="linear", samples=6, sampler=OURS, seed=1, **ALL), Q, K, V, start=36)


def test_what_is_kept_is_not_summed_again(monkeypatch) -> None:
    """The far field of a token costs the same at n = 64 and n = 500, and from scratch it does not."""
    Q, K, V = head(512)
    cache = AttentionCache(k=3, far_field="linear", sampler=OURS, seed=1, **ALL)
    cache.append(K[:64], V[:64])
    cache.attend(Q[0])
    ours, fresh = {}, {}
    for n in (70, 500):
        cache.append(K[len(cache) : n - 1], V[len(cache) : n - 1])
        cache.attend(Q[0])
        cache.append(K[n - 1], V[n - 1])
        before = cache.work
        cache.attend(Q[n])
        ours[n] = cache.work - before
        fresh[n] = scratch(cache, Q[n], cache.calls - 1).attention.far.sums.work
    d, d_v = K.shape[1], V.shape[1]
    assert ours[70] == ours[500] == d * (1 + d + d_v) + d_v + d * (d + d_v)
    assert fresh[500] > 6 * fresh[70]
    made = []
    monkeypatch.setattr(Moments, "__init__", lambda self, *args: made.append(args))
    assert isinstance(cache.attend(Q[1]).attention, SparseAttention)
    assert not made, "no new key, no new sums"


def test_both_stages_keep_their_integers_and_equal_attend_from_scratch() -> None:
    rng = np.random.default_rng(5)
    K, V, Q = rng.normal(size=(120, 4)), rng.normal(size=(120, 2)), rng.normal(size=(120, 4))
    options = {"k": 3, "rank": "all", "bits": 6, "coarse": 2, "sampler": GroverStatistics()}
    cache = AttentionCache(seed=1, **options)
    cache.append(K[:60], V[:60])
    for t in range(60, 120):
        cache.append(K[t], V[t])
        row = cache.attend(Q[t])
        whole = attend(Q[None, t], K[: t + 1], V[: t + 1], seed=cache.seed_of(t - 60), **options)
        assert row.found[0].tolist() == whole.found[0].tolist()
        assert row.queries.tolist() == whole.queries.tolist()
    assert cache.encoded < 2 * 60 * (2 * 4 + 2)  # of 2 x 60 x 90 keys, if every call encoded all
