"""What is kept of keys and values that only grow, so that one more row costs what a row costs, not what all keys cost.

- **The integer code** of `encode_keys(K, bits)`, equal to it at every n. Center and step of a column follow from its
  smallest and largest number; while no new key leaves these, the old integers stand and the new keys alone are encoded.
  A key that does leave them has all keys encoded again. Of keys in random order the n-th does so with probability
  2 d / n at most, so that 2 d + 1 keys are encoded for each, on average, whatever n is.
- **Sums over all keys**, about `center_of(K)`, the mean of the first 2^m keys: it moves log2(n) times, and then the
  sums are taken anew, so that a key is added at most three times, on average.

A `Kept` describes n keys and stays true while more are added: what it remembers with the others' help is only ever
replaced whole, and a `Kept` that has fallen behind computes from its own arrays.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qattn.arrays import Floats, Integers
from qattn.encoding.keys import KeyCode, encode_keys, fits, longest_row, to_integers

BLOCK = 256  # rows summed one after another


class Growing:
    """An array that doubles when it is full, and hands out its rows; what was handed out is not written to again.

    Args:
        rows: the first ones; they are copied.
    """

    def __init__(self, rows: NDArray[Any]) -> None:
        self._array, self._used = rows.copy(), len(rows)

    @property
    def rows(self) -> NDArray[Any]:
        """A read-only view of all of them."""
        view = self._array[: self._used]
        view.flags.writeable = False
        return view

    def extended(self, rows: NDArray[Any], more: NDArray[Any]) -> NDArray[Any]:
        """Rows that were handed out and more behind them, in place where that is free.

        Args:
            rows: (n, ...) all that this has, or fewer; these are copied, since others have the rest.
            more: (m, ...) new ones.

        Returns:
            A read-only view of n + m rows.
        """
        n, size = len(rows), len(rows) + len(more)
        if rows.base is not self._array or n != self._used or size > len(self._array):
            larger = np.empty((max(size, 2 * n), *rows.shape[1:]), rows.dtype)
            larger[:n] = rows
            self._array = larger
        self._used = size  # before the rows are: who stops in between has lost a place, not a row
        self._array[n:size] = more
        return self.rows


def center_of(K: Floats) -> Floats:
    """The mean of the first 2^m keys, of which there are n or fewer but more than n / 2: few n have another than n - 1.

    Args:
        K: (n, d) keys.

    Returns:
        (d,) a point among the keys.
    """
    return np.asarray(K[: 1 << (len(K).bit_length() - 1)].mean(axis=0))


def block_sums(values: Floats) -> Floats:
    """Sums of `BLOCK` rows after one another, which keeps rounding small.

    Args:
        values: (n, m) numbers.

    Returns:
        (ceil(n / BLOCK), m) sums.
    """
    return np.add.reduceat(values, np.arange(0, len(values), BLOCK), axis=0)


@dataclass(frozen=True, eq=False)
class Total:
    """The sum of n values.

    Attributes:
        n: how many.
        sum: (d_v,).
    """

    n: int
    sum: Floats


@dataclass(frozen=True, eq=False)
class Moments:
    """Sums over n keys, taken from a point among them.

    Attributes:
        n: how many.
        center: (d,) that point, `center_of` them.
        keys: (d,) sum of K_j - center.
        squares: (d, d) sum of (K_j - center) (K_j - center)^T.
        products: (d, d_v) sum of (K_j - center) V_j^T.
    """

    n: int
    center: Floats
    keys: Floats
    squares: Floats
    products: Floats


@dataclass(frozen=True, eq=False)
class _Coded:
    """A code, the column extremes it was made for, and the array its integers are in."""

    code: KeyCode
    low: Floats
    high: Floats
    integers: Growing


@dataclass
class Memory:
    """The latest of everything that can be extended; shared by all `Kept` of one sequence.

    Attributes:
        total: of the values.
        moments: of the keys.
        coded: the keys as integers, by the bits of one component.
        encoded: keys encoded so far, again and again included.
        work: additions, or multiply-adds, spent on sums and their products with rows so far.
    """

    total: Total | None = None
    moments: Moments | None = None
    coded: dict[int, _Coded] = field(default_factory=dict)
    encoded: int = 0
    work: int = 0


@dataclass(frozen=True, eq=False)
class Kept:
    """n keys and values, checked, with what can be computed for them from what was known of fewer.

    Attributes:
        K: (n, d) keys, read-only.
        V: (n, d_v) values, read-only.
        low: (d,) smallest number of each column of K.
        high: (d,) largest.
        memory: of this sequence.
    """

    K: Floats
    V: Floats
    low: Floats
    high: Floats
    memory: Memory = field(default_factory=Memory)

    @classmethod
    def of(cls, K: Floats, V: Floats) -> Kept:
        """The beginning of a sequence.

        Args:
            K: (n, d) finite keys, contiguous float64.
            V: (n, d_v) finite values.

        Returns:
            All that is known of them yet.
        """
        return cls(K, V, K.min(axis=0), K.max(axis=0))

    def extended(self, K: Floats, V: Floats) -> Kept:
        """The same sequence with more keys.

        Args:
            K: all keys; the first n are the old ones.
            V: all values.

        Returns:
            What is known of all of them.
        """
        new = K[len(self.K) :]
        low, high = np.minimum(self.low, new.min(axis=0)), np.maximum(self.high, new.max(axis=0))
        return Kept(K, V, low, high, self.memory)

    @property
    def n(self) -> int:
        """Number of keys."""
        return len(self.K)

    @cached_property
    def total(self) -> Floats:
        """(d_v,) the sum of the values; O(d_v) a new value."""
        last = self.memory.total
        ahead = last is not None and last.n > self.n
        made = Total(0, np.zeros(self.V.shape[1])) if last is None or ahead else last
        if made.n < self.n:
            self.memory.work += (self.n - made.n) * self.V.shape[1]
            made = Total(self.n, made.sum + block_sums(self.V[made.n :]).sum(axis=0))
        if not ahead:
            self.memory.total = made
        return made.sum

    @cached_property
    def moments(self) -> Moments:
        """Sums over the keys; O(d (d + d_v)) a new key."""
        old = self.memory.moments
        ahead = old is not None and old.n > self.n
        same = old is not None and not ahead and old.n.bit_length() == self.n.bit_length()
        with np.errstate(over="ignore", invalid="ignore"):
            made = self._moments(old if same else None)
        if not ahead:
            self.memory.moments = made
        return made

    def _moments(self, old: Moments | None) -> Moments:
        """From sums about the same center over fewer keys, if there are some."""
        (_, d), d_v = self.K.shape, self.V.shape[1]
        if old is None:
            old = Moments(0, center_of(self.K), np.zeros(d), np.zeros((d, d)), np.zeros((d, d_v)))
        new = slice(old.n, self.n)
        if old.n == self.n:
            return old
        keys, V = self.K[new] - old.center, self.V[new]
        self.memory.work += len(keys) * d * (1 + d + d_v)
        return Moments(
            self.n, old.center, old.keys + block_sums(keys).sum(axis=0), old.squares + keys.T @ keys,
            old.products + keys.T @ V,
        )  # fmt: skip

    def code(self, bits: int) -> KeyCode:
        """`encode_keys(K, bits)`, from the code of fewer keys where that holds.

        Args:
            bits: width of one component.

        Returns:
            The code, equal to the last bit.
        """
        last = self.memory.coded.get(bits)
        if last is not None and last.code.n > self.n:
            return encode_keys(self.K, bits)
        if last is None or not self._holds(last):
            whole = encode_keys(self.K, bits)
            integers = Growing(whole.X)
            last = _Coded(replace(whole, X=integers.rows), self.low, self.high, integers)
            self.memory.encoded += self.n
        elif last.code.n < self.n:
            self.memory.encoded += self.n - last.code.n
            last = replace(last, code=_extended(last, self.K), low=self.low, high=self.high)
        self.memory.coded[bits] = last
        return last.code

    def _holds(self, last: _Coded) -> bool:
        """Whether the code of the first keys is that of all: the same columns, or integers that are their own code."""
        if last.code.exact:
            new = self.K[last.code.n :]
            return not len(new) or fits(new, last.code.bits)
        return np.array_equal(self.low, last.low) and np.array_equal(self.high, last.high)


def _extended(last: _Coded, K: Floats) -> KeyCode:
    """The code of all keys from that of the first, whose center and steps hold: every bound is a maximum over keys."""
    code = last.code
    scaled = np.ldexp(K[code.n :], -code.exponent)
    components = scaled - code.center
    X: Integers = to_integers(components, code.step, code.offset, code.bits)
    defect = np.abs(components - code.offset - code.step * X)
    around = 0.0 if code.exact else longest_row(code.center)
    return replace(
        code, X=last.integers.extended(code.X, X), error=np.maximum(code.error, defect.max(axis=0)),
        error_norm=code.error_norm if code.exact else max(code.error_norm, longest_row(defect / code.step)),
        key_norm=max(code.key_norm, longest_row(scaled) + around), lowest=np.minimum(code.lowest, X.min(axis=0)),
        highest=np.maximum(code.highest, X.max(axis=0)), longest=max(code.longest, longest_row(X.astype(np.float64))),
    )  # fmt: skip
