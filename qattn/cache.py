"""Decoding: keys and values that grow token by token, and rows that see all of them so far."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qattn.arrays import Floats, Seed, real_array, seed_sequence
from qattn.attention import attend
from qattn.encoding.kept import Growing, Kept
from qattn.machines.row_search import Interrupted
from qattn.problem import ProblemError
from qattn.result import AttentionResult

OWN = {"tau", "k", "delta", "seed", "resume", "kept"}  # what the cache takes under its own name, or gives itself
PREFIXES = {"causal", "visible", "mask"}  # a row of a cache sees every key there is


@dataclass(frozen=True)
class _Stored:
    """The keys and values, and the arrays they grow in."""

    kept: Kept
    keys: Growing
    values: Growing


class AttentionCache:
    """The keys and values of one head, for decoding: append a token's, attend with its query, and so on.

    The t-th call of `attend` on a cache gives what

        attend(q[None], cache.keys, cache.values, seed=cache.seed_of(t), **cache.options)

    gives from scratch: the same sets, queries, draws and evaluations, and the same output but for rounding. It costs
    less, since what can be kept is kept:

    - keys and values are checked and copied once, into arrays that double;
    - the far field's sums over all keys are extended by the new ones, O(d (d + d_v)) each ("linear"; O(d_v) for "ones"
      and "constant"), where `attend` takes O(n d (d + d_v)). An entry that would lose its digits is summed over all
      keys in both (`SparseAttention`);
    - with `rank="all"` and `bits` given, the integers of the keys as well: about 2 d + 1 of the n keys are encoded for
      a new one, whatever n is (`qattn.encoding.kept`). By default encoding is chosen in each call for the keys that
      there are, as `attend` does it, from all of them: O(n d^2).

    What grows with n is the search: O(sqrt(n k)) queries, each a lookup over n keys; on a classical computer, which
    simulates it, O(n d) or more. So does `error=`, whose proof looks at all keys, and so do classical methods.

    Args:
        tau: threshold on scale <q, K_j>, or None with k given.
        k: without tau, how many keys a row finds; with it, the promise |S| <= k.
        delta: allowed probability that one call misses any key. Calls add up: see `miss_bound`.
        seed: of all calls; each has its own random numbers (`seed_of`).
        options: any other of `attend`: method, sampler, far_field, samples, scale, bits, rank, ...; not causal, visible
            or mask, since a row sees every key that was appended before it.

    Raises:
        ProblemError: a ValueError, when an option is none of these, or neither tau nor k is given.

    Example:
        >>> from qattn import AttentionCache, GroverStatistics
        >>> cache = AttentionCache(k=1, sampler=GroverStatistics(), seed=1)
        >>> cache.append([[2, 0], [0, 1], [1, 1]], [[1], [2], [3]])
        >>> cache.attend([2, 0]).found[0].tolist()
        [0]
        >>> cache.append([3, 0], [4])
        >>> cache.attend([2, 0]).found[0].tolist(), len(cache)
        ([3], 4)
    """

    def __init__(
        self,
        tau: float | None = None,
        *,
        k: int | None = None,
        delta: float = 1e-2,
        seed: Seed = None,
        **options: Any,
    ) -> None:
        takes = inspect.signature(attend).parameters
        known = {name for name, one in takes.items() if one.kind is one.KEYWORD_ONLY} - OWN - PREFIXES
        if wrong := sorted(options.keys() - known):
            why = "; a row of a cache sees every key in it" if PREFIXES & set(wrong) else ""
            raise ProblemError(f"AttentionCache takes no {', '.join(wrong)}{why}; it takes {', '.join(sorted(known))}")
        if tau is None and k is None:
            raise ProblemError("give tau (a threshold), or k (how many keys per row), or both")
        if tau is not None and real_array("tau", tau).shape != ():
            raise ProblemError(f"tau = {tau}; a cache has one threshold for all of its rows")
        self._options = {"tau": tau, "k": k, "delta": delta, **options}
        self._root = seed_sequence(seed)
        self._spent = (0, 0.0)  # calls, the sum of their miss bounds: one object, which Ctrl-C cannot split
        self._stored: _Stored | None = None

    @property
    def options(self) -> dict[str, Any]:
        """The options of every call, as `attend` takes them; its seed is `seed_of` the call."""
        return dict(self._options)

    @property
    def keys(self) -> Floats:
        """(n, d) keys so far, read-only; (0, 0) before the first."""
        return np.empty((0, 0)) if self._stored is None else self._stored.kept.K

    @property
    def values(self) -> Floats:
        """(n, d_v) values so far, read-only; (0, 0) before the first."""
        return np.empty((0, 0)) if self._stored is None else self._stored.kept.V

    @property
    def calls(self) -> int:
        """How many calls of `attend` have ended."""
        return self._spent[0]

    @property
    def miss_bound(self) -> float:
        """All calls so far together miss any key with at most this probability (union bound), 1 at most."""
        return min(self._spent[1], 1.0)

    @property
    def encoded(self) -> int:
        """Keys encoded as integers since the first key or the last `crop`, again and again included."""
        return 0 if self._stored is None else self._stored.kept.memory.encoded

    @property
    def work(self) -> int:
        """Additions and multiply-adds spent on sums over keys, and on rows times them, since the first key or crop."""
        return 0 if self._stored is None else self._stored.kept.memory.work

    def seed_of(self, call: int) -> np.random.SeedSequence:
        """The seed of a call, 0 being the first: the child at this place of `SeedSequence(seed).spawn(...)`."""
        return np.random.SeedSequence(self._root.entropy, spawn_key=(*self._root.spawn_key, call))

    def __len__(self) -> int:
        """Number of keys."""
        return 0 if self._stored is None else self._stored.kept.n

    def __repr__(self) -> str:
        """Sizes, and what was spent."""
        return (
            f"AttentionCache({len(self)} keys, d = {self.keys.shape[1]}, d_v = {self.values.shape[1]}; "
            f"{self.calls} calls, miss_bound={self.miss_bound:.2e})"
        )

    def append(self, K: ArrayLike, V: ArrayLike) -> None:
        """Add keys and their values; they are copied.

        Args:
            K: (m, d) keys, or one, (d,).
            V: (m, d_v) values, or one, (d_v,).

        Raises:
            ProblemError: a ValueError, when shapes do not fit each other or what is there, or a number is not finite;
                the cache stays as it was.

        Cost: O(m (d + d_v)), on average.
        """
        keys, values, stored = _rows("K", K), _rows("V", V), self._stored
        if len(keys) != len(values):
            raise ProblemError(f"K has shape {keys.shape} and V {values.shape}; both need the same n (first axis)")
        if stored is None:
            new = Growing(keys), Growing(values)
            self._stored = _Stored(Kept.of(new[0].rows, new[1].rows), *new)
            return
        kept = stored.kept
        for name, rows, old in (("K", keys, kept.K), ("V", values, kept.V)):
            if rows.shape[1] != old.shape[1]:
                raise ProblemError(f"{name} has shape {rows.shape}; the cache holds rows of {old.shape[1]} numbers")
        grown = kept.extended(stored.keys.extended(kept.K, keys), stored.values.extended(kept.V, values))
        self._stored = _Stored(grown, stored.keys, stored.values)

    def attend(self, q: ArrayLike, *, resume: Interrupted | None = None) -> AttentionResult:
        """Attention of new rows over all keys so far.

        Args:
            q: (d,) query, or (n_q, d) of them, which share the call's delta.
            resume: where this call goes on that Ctrl-C stopped. A call that did not end does not count: without
                `resume` the same query begins again with the same random numbers.

        Returns:
            What `qattn.attend` returns.

        Raises:
            ProblemError: a ValueError that says what does not fit.
            Interrupted: a KeyboardInterrupt, with what was found and how to go on.
        """
        if self._stored is None:
            raise ProblemError("the cache is empty; append(K, V) first")
        rows, kept = _rows("q", q), self._stored.kept
        if rows.shape[1] != kept.K.shape[1]:
            raise ProblemError(f"q has shape {rows.shape}; the keys have d = {kept.K.shape[1]}")
        calls, missed = self._spent
        result = attend(rows, kept.K, kept.V, seed=self.seed_of(calls), resume=resume, kept=kept, **self._options)
        self._spent = (calls + 1, missed + result.miss_bound)
        return result

    def crop(self, n: int) -> None:
        """Keep the first n keys and forget the others, as when guessed tokens are taken back.

        Args:
            n: how many stay; if negative, how many go.

        Raises:
            ProblemError: a ValueError, when there are not so many.

        Cost: O(n (d + d_v)) at the next `append`, and sums and integers are made anew.
        """
        size = n + len(self) if n < 0 else n
        if not 0 <= size <= len(self):
            raise ProblemError(f"crop({n}) of {len(self)} keys; give a number from {-len(self)} to {len(self)}")
        if self._stored is None or size == len(self):
            return
        kept, stored = self._stored.kept, self._stored
        self._stored = None if size == 0 else _Stored(Kept.of(kept.K[:size], kept.V[:size]), stored.keys, stored.values)

    def reset(self) -> None:
        """Forget all keys and values, their widths too; calls, and what they may have missed, are counted on."""
        self._stored = None

    def __copy__(self) -> AttentionCache:
        """Another cache with the same keys; from here on each grows by itself, from the same random numbers."""
        other = object.__new__(AttentionCache)
        other.__dict__ |= self.__dict__
        if self._stored is not None:
            kept = self._stored.kept
            other._stored = _Stored(Kept.of(kept.K, kept.V), Growing(kept.K), Growing(kept.V))
        return other


def _rows(name: str, array: ArrayLike) -> Floats:
    """A matrix, from a matrix or from one of its rows."""
    rows = real_array(name, array)
    rows = rows[None] if rows.ndim == 1 else rows
    if rows.ndim != 2 or 0 in rows.shape:
        raise ProblemError(f"{name} has shape {rows.shape}; give (m, d) numbers, or (d,) of one token, none of them 0")
    return rows
