"""What becomes an array or a seed, and what is refused; compiled loops that round like NumPy."""

import numpy as np
import pytest

from qattn.arrays import real_array
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
