"""What becomes an array or a seed, and what is refused; compiled loops that round like NumPy."""

import numpy as np
import pytest

from qattn.arrays import compiled, missing_extra, plain_array, real_array, seed_sequence
from qattn.problem import ProblemError

ONE = np.ones((4, 2))


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


@pytest.mark.parametrize(
    "good",
    [
        ONE.tolist(), ONE.astype(np.float16), ONE.astype(int), ONE.astype(bool), ONE.astype(np.longdouble),
        np.asfortranarray(ONE), ONE[::-1], np.matrix(ONE), Tensor(), [np.ones(2)] * 4,
    ],
)  # fmt: skip
def test_real_numbers_of_every_kind_come_in(good) -> None:
    taken = real_array("K", good)
    assert taken.dtype == np.float64
    assert taken.flags.c_contiguous
    assert np.array_equal(taken, ONE)
    assert real_array("tau", 3).shape == ()


def test_pandas_as_it_is() -> None:
    pandas = pytest.importorskip("pandas")
    assert np.array_equal(real_array("K", pandas.DataFrame(ONE)), ONE)
    for column in (["x"], pandas.array([1.5, None], dtype="Float64"), pandas.to_datetime(["2020-01-01"])):
        with pytest.raises(ProblemError, match="K"):
            real_array("K", pandas.DataFrame({"a": column}))


def test_torch_as_it_is() -> None:
    torch = pytest.importorskip("torch")
    assert np.array_equal(real_array("K", torch.ones(4, 2)), ONE)
    with pytest.raises(ProblemError, match=r"\.float\(\)"):
        real_array("K", torch.ones(4, 2, dtype=torch.bfloat16))
    with pytest.raises(ProblemError, match=r"\.detach\(\)"):
        real_array("K", torch.ones(4, 2, requires_grad=True))


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0), ()])
def test_no_numbers_at_all_keep_their_shape(shape) -> None:
    assert real_array("K", np.ones(shape, dtype=int)).shape == shape


def test_an_array_that_is_right_already_is_not_copied() -> None:
    assert real_array("K", ONE) is ONE
    assert real_array("K", ONE.T) is not ONE.T


def test_the_entry_that_is_not_finite_is_named() -> None:
    broken = ONE.copy()
    broken[2, 1] = np.nan
    with pytest.raises(ProblemError, match=r"K\[2, 1\] is nan"):
        real_array("K", broken)
    assert np.isnan(real_array("K", broken, finite=False)[2, 1])
    with pytest.raises(ProblemError, match=r"tau is inf"):
        real_array("tau", np.inf)


def test_plain_arrays_keep_their_dtype_and_refuse_masks_inside_lists() -> None:
    assert plain_array("mask", [[True, False]]).dtype == bool
    assert plain_array("ids", np.arange(3, dtype=np.int8)).dtype == np.int8
    with pytest.raises(ProblemError, match="masked"):
        plain_array("mask", ([1.0], [np.ma.masked_array([1.0], mask=[True])]))


def test_a_seed_gives_one_root_and_a_generator_moves_on() -> None:
    def words(seed):
        return seed_sequence(seed).generate_state(4).tolist()

    assert words(5) == words(np.int64(5)) == words(np.random.SeedSequence(5))
    assert words(None) != words(None)
    rng = np.random.default_rng(5)
    assert words(rng) != words(rng)
    spawned = np.random.SeedSequence(5)
    spawned.spawn(3)
    assert seed_sequence(spawned).spawn(1)[0].spawn_key == (0,), "what was spawned before makes no difference"
    for bad in (-1, 1.0, "1", np.random.RandomState(0)):
        with pytest.raises(ProblemError, match="seed = "):
            seed_sequence(bad)


def test_a_missing_extra_says_how_to_install_it() -> None:
    assert 'pip install -e ".[dask]"' in str(missing_extra("a cluster", "dask"))


def dot(x, y):
    """A function of this file, as numba wants it."""
    total = 0.0
    for i in range(len(x)):
        total += x[i] * y[i]
    return total


def test_compiled_loops_round_every_operation_in_order() -> None:
    """Neither fused nor reordered: the very float64 that Python gets, also where the order matters."""
    loop = compiled(dot)
    x, y = np.random.default_rng(0).normal(size=(2, 100, 7)) * 10.0 ** np.arange(-8, 6, 2)
    assert [loop(a, b) for a, b in zip(x, y, strict=True)] == [dot(a, b) for a, b in zip(x, y, strict=True)]
    cancels = np.array([1e16, 1.0, -1e16, 1.0])
    assert loop(cancels, np.ones(4)) == dot(cancels, np.ones(4)) != 2.0
    assert loop(np.empty(0), np.empty(0)) == 0.0
