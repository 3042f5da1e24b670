"""What may come in: arrays of real numbers, looked at before any cast; seeds and samplers that say what to pass."""

import numpy as np
import pytest

from qattn import (
    GroverStatistics,
    HalfSpaceReporter,
    ThresholdOracle,
    attend,
    attend_heads,
    find_all,
    max_inner_product,
)
from qattn.data import load_npz
from qattn.machines.sampler import as_machine
from qattn.problem import ProblemError, make_problem
from qattn.search.protocols import MarkedSet

ONE = np.ones((4, 2))
BAD = {
    "complex": (ONE + 0j, "complex128"),
    "datetime": (ONE.astype("datetime64[s]"), "datetime64"),
    "timedelta": (ONE.astype("timedelta64[s]"), "timedelta64"),
    "string": (ONE.astype(str), "<U"),
    "bytes": (ONE.astype(bytes), r"\|S"),
    "object": (ONE.astype(object), "object"),
    "record": (np.zeros((4, 2), dtype=[("a", float)]), "a"),
    "masked": (np.ma.masked_array(ONE, mask=ONE > 2), "masked"),
    "rows masked": (list(np.ma.masked_array(ONE, mask=ONE > 0)), "masked"),
    "ragged": ([[1.0, 2.0], [3.0]], "cannot be read"),
    "nothing": (None, "None"),
    "infinite": (ONE * np.inf, r"\[0, 0\] is inf"),
}


class Tensor:
    """What torch tensors show of themselves, and how they answer NumPy."""

    def __init__(self, dtype="torch.float32", requires_grad=False, device="cpu") -> None:
        self.dtype, self.requires_grad, self.device = dtype, requires_grad, device

    def __array__(self, dtype=None, copy=None):
        if self.requires_grad:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
        if self.dtype == "torch.bfloat16":
            raise TypeError("Got unsupported ScalarType BFloat16")
        if self.device != "cpu":
            raise TypeError("can't convert cuda:0 device type tensor to numpy.")
        return np.ones((4, 2), dtype=np.float32)


BAD |= {
    "grad": (Tensor(requires_grad=True), r"\.detach\(\)"),
    "grad inside": ([Tensor(requires_grad=True)], r"\.detach\(\)"),
    "bf16": (Tensor("torch.bfloat16"), r"\.float\(\)"),
    "gpu": (Tensor(device="cuda:0"), r"\.cpu\(\)"),
}

DOORS = {
    "make_problem Q": lambda bad: make_problem(bad, ONE, ONE, 1.0),
    "make_problem K": lambda bad: make_problem(ONE, bad, ONE, 1.0),
    "make_problem V": lambda bad: make_problem(ONE, ONE, bad, 1.0),
    "make_problem tau": lambda bad: make_problem(ONE, ONE, ONE, bad if bad is not None else np.ones(3)),
    "attend": lambda bad: attend(bad, ONE, ONE, 1.0),
    "attend_heads Q": lambda bad: attend_heads(bad, ONE, ONE, 1.0, method="exact"),
    "attend_heads V": lambda bad: attend_heads(ONE, ONE, bad, 1.0, method="exact"),
    "attend_heads tau": lambda bad: attend_heads(ONE, ONE, ONE, bad, method="exact"),
    "from_row q": lambda bad: ThresholdOracle.from_row(bad, ONE, 1.0),
    "from_row K": lambda bad: ThresholdOracle.from_row(ONE[0], bad, 1.0),
    "from_row tau": lambda bad: ThresholdOracle.from_row(ONE[0], ONE, bad),
    "points": HalfSpaceReporter,
    "normals": lambda bad: HalfSpaceReporter(ONE).query(bad, 0.0),
    "offsets": lambda bad: HalfSpaceReporter(ONE).query(ONE, bad if bad is not None else "0"),
    "max_inner_product A": lambda bad: max_inner_product(bad, ONE),
    "max_inner_product B": lambda bad: max_inner_product(ONE, bad),
}


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("door", DOORS)
def test_every_door_refuses_what_is_not_real_numbers(door, kind) -> None:
    bad, _ = BAD[kind]
    if (door, kind) in {("attend_heads tau", "nothing"), ("offsets", "infinite")}:
        pytest.skip("allowed here, or refused in other words")
    with pytest.raises(ValueError):
        DOORS[door](bad)


@pytest.mark.parametrize("kind", BAD)
def test_the_words_name_the_array_and_the_trouble(kind) -> None:
    bad, words = BAD[kind]
    with pytest.raises(ProblemError, match=words) as refused:
        make_problem(ONE, bad, ONE, 1.0)
    assert str(refused.value).startswith("K")


def test_masks_and_prefixes_are_not_unmasked() -> None:
    masked = np.ma.masked_array(np.ones((4, 4), dtype=bool), mask=np.eye(4))
    with pytest.raises(ProblemError, match="masked"):
        attend_heads(ONE, ONE, ONE, 1.0, mask=masked, method="exact")
    with pytest.raises(ProblemError, match="masked"):
        make_problem(ONE, ONE, ONE, 1.0, visible=np.ma.masked_array([1, 2, 3, 4], mask=[0, 1, 0, 0]))


@pytest.mark.parametrize("kind", ["complex", "datetime", "string"])
def test_files_are_looked_at_before_any_cast(tmp_path, kind) -> None:
    np.savez(tmp_path / "own.npz", Q=ONE, K=ONE, V=BAD[kind][0])
    with pytest.raises(ValueError, match="V has dtype"):
        load_npz(tmp_path / "own.npz")


@pytest.mark.parametrize("k", ["3", "many", [3], np.nan, 1 + 0j])
def test_counts_are_whole_numbers(k) -> None:
    with pytest.raises(ProblemError, match="k = "):
        make_problem(ONE, ONE, ONE, 1.0, k=k)


@pytest.mark.parametrize("scale", ["2", None, 1j, np.ones(2), np.nan])
def test_the_scale_is_a_number(scale) -> None:
    with pytest.raises(ProblemError, match="scale"):
        make_problem(ONE, ONE, ONE, 1.0, scale=scale)


def test_scores_out_of_range_are_refused_with_what_to_do() -> None:
    with pytest.raises(ProblemError, match="scale Q or K down"):
        attend([[1e154]], [[1e154], [-1e154]], [[1.0], [2.0]], 0.0)
    with pytest.raises(ProblemError, match="scale"):
        make_problem(ONE * 1e300, ONE, ONE, 1.0, scale=1e10)


@pytest.mark.parametrize(
    ("q", "k"),
    [(5e-324, 1.0), (1e-310, 1.0), (1e-310, 1e20), (1e-300, 1e300), (1e300, 1e-300), (1e145, 1e145), (1e-145, 1e-145)],
)
@pytest.mark.parametrize("top_k", [False, True])
def test_attend_in_every_range(q, k, top_k) -> None:
    rng = np.random.default_rng(0)
    Q, K, V = rng.normal(size=(3, 4)) * q, rng.normal(size=(20, 4)) * k, rng.normal(size=(20, 2))
    how = {"k": 3} if top_k else {"tau": float(np.median(Q @ K.T))}
    with np.errstate(all="raise", under="ignore"):
        result = attend(Q, K, V, **how, sampler=GroverStatistics(), delta=1e-9, seed=0)
    exact = attend(Q, K, V, **how, method="exact")
    assert [js.tolist() for js in result.found] == [js.tolist() for js in exact.found]
    assert np.isfinite(result.output).all()


def test_leading_axes_and_masks_name_attend_heads() -> None:
    batch = np.ones((2, 3, 4, 2))
    for Q in (batch, batch[0]):
        with pytest.raises(ProblemError, match="attend_heads"):
            attend(Q, Q, Q, 1.0)
    with pytest.raises(ProblemError, match=r"attend_heads\(.*mask"):
        attend(ONE, ONE, ONE, 1.0, mask=np.ones((4, 4), dtype=bool))


def test_a_class_instead_of_a_sampler_is_told_apart() -> None:
    from qiskit.primitives import StatevectorSampler

    for kind in (GroverStatistics, StatevectorSampler):
        with pytest.raises(ValueError, match=rf"{kind.__name__}\(\)"):
            as_machine(kind)
    with pytest.raises(ValueError, match=r"GroverStatistics\(\)"):
        attend(ONE, ONE, ONE, 1.0, sampler=GroverStatistics)


def test_seeds_may_be_generators_which_move_on() -> None:
    Q, K = np.random.default_rng(0).normal(size=(2, 20, 3))

    def queries(call, seed):
        return np.ravel(call(seed).queries).tolist()

    calls = (
        lambda seed: attend(Q, K, K, 1.0, sampler=GroverStatistics(), seed=seed),
        lambda seed: attend_heads(Q[None], K[None], K[None], 1.0, sampler=GroverStatistics(), seed=seed),
        lambda seed: find_all(MarkedSet(500, [7, 9]), sampler=GroverStatistics(), seed=seed),
    )
    for call in calls:
        assert queries(call, np.random.default_rng(1)) == queries(call, np.random.default_rng(1))
        rng = np.random.default_rng(1)
        assert len({tuple(queries(call, rng)) for _ in range(8)}) > 1, "each call draws anew"
        root = np.random.SeedSequence(5)
        assert queries(call, root) == queries(call, root) == queries(call, 5)
        with pytest.raises(ValueError, match="seed = "):
            call("five")
        with pytest.raises(ValueError, match="seed = "):
            call(1.5)
        with pytest.raises(ValueError, match="Generator"):
            call(np.random.RandomState(1))
