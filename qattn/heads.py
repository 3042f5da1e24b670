"""Batches, heads and masks: every head is an attention problem of its own, over the keys that its rows may see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qattn.arrays import Floats, Integers, Seed, plain_array, real_array, seed_sequence
from qattn.attention import attend
from qattn.machines.row_search import Interrupted
from qattn.problem import ProblemError
from qattn.result import AttentionResult

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Part:
    """Rows of one head, or of heads that share their keys, that were computed together, and these keys.

    Attributes:
        heads: indices into the leading axes.
        rows: numbers of the rows, the same of each of these heads.
        keys: the numbers, in the caller's K, of the keys 0, 1, 2, ... of `result`.
        result: attention of these rows over these keys: of row rows[0] of each head, then of row rows[1], ...
    """

    heads: tuple[tuple[int, ...], ...]
    rows: Integers
    keys: Integers
    result: AttentionResult

    @property
    def places(self) -> list[tuple[tuple[int, ...], int]]:
        """(head, row) of each row of `result`."""
        return [(head, int(row)) for row in self.rows for head in self.heads]


@dataclass(frozen=True, eq=False)
class HeadsResult:
    """Attention of all heads.

    Attributes:
        output: (..., n_q, d_v); rows that may see no key are 0.
        parts: the results it was put together from.
        delta: the allowed miss probability of the whole call.
    """

    output: Floats
    parts: tuple[Part, ...]
    delta: float

    @property
    def miss_bound(self) -> float:
        """Whatever the sets S_i, a call like this one misses any key of any head with at most this probability."""
        return float(min(sum(part.result.miss_bound for part in self.parts), 1.0))

    @property
    def broken_promises(self) -> list[tuple[int, ...]]:
        """(*head, row) of every row that holds more keys than promised, as far as the run has seen."""
        broken = [part.places[i] for part in self.parts for i in part.result.broken_promises]
        return [(*head, row) for head, row in broken]

    @cached_property
    def found(self) -> dict[tuple[int, ...], list[Integers]]:
        """Per head, for each row the sorted numbers of S_i in the caller's K."""
        n_q = self.output.shape[-2]
        sets = {head: [np.empty(0, np.int64)] * n_q for head in np.ndindex(self.output.shape[:-2])}
        for part in self.parts:
            for (head, row), js in zip(part.places, part.result.found, strict=True):
                sets[head][row] = part.keys[js]
        return sets

    @cached_property
    def queries(self) -> Integers:
        """(..., n_q) uses of the phase oracle."""
        return self._gather(lambda result: result.queries)

    @cached_property
    def evaluations(self) -> Integers:
        """(..., n_q) classical scores."""
        return self._gather(lambda result: result.evaluations)

    def max_error(self) -> float:
        """Largest |output - exact masked attention| entry; O(n_q n d) a head, for diagnosis."""
        return max((part.result.max_error() for part in self.parts), default=0.0)

    def report(self) -> str:
        """The call in words, one line a head."""
        from qattn.show.report import heads_report

        return heads_report(self)

    def _gather(self, of: Callable[[AttentionResult], Integers]) -> Integers:
        whole = np.zeros(self.output.shape[:-1], dtype=np.int64)
        for part in self.parts:
            values = of(part.result)
            for i, head in enumerate(part.heads):
                whole[head][part.rows] = values[i :: len(part.heads)]
        return whole


class HeadsInterrupted(KeyboardInterrupt):
    """A call that was stopped by Ctrl-C; what is done is kept.

    Attributes:
        parts: the parts that are finished.
        stopped: what the part after them has found; None where it was stopped outside a search.
        root: the seed of the call.
    """

    def __init__(self, parts: tuple[Part, ...], stopped: Interrupted | None, root: np.random.SeedSequence) -> None:
        rows = sum(part.rows.size for part in parts)
        within = "" if stopped is None else f"; in the next part {stopped}"
        super().__init__(f"stopped after {len(parts)} parts ({rows} rows) were done{within}; go on with resume=this")
        self.parts, self.stopped, self.root = parts, stopped, root


def attend_heads(
    Q: ArrayLike,
    K: ArrayLike,
    V: ArrayLike,
    tau: ArrayLike | None = None,
    *,
    mask: ArrayLike | None = None,
    causal: bool = False,
    delta: float = 1e-2,
    seed: Seed = None,
    resume: HeadsInterrupted | None = None,
    **options: Any,
) -> HeadsResult:
    """`attend` over leading axes (batch, heads, ...) with any mask.

    A masked key takes no part in anything: not in the oracle, whose circuit has only the visible indices, not in the
    far field, not in the counts.

    Args:
        Q: (..., n_q, d) query rows.
        K: (..., n, d) keys; the leading axes of Q, K, V are broadcast together.
        V: (..., n, d_v) values.
        tau: a threshold, or an array that broadcasts to (..., n_q), or None with k given.
        mask: boolean, broadcasts to (..., n_q, n); True where row i may see key j. Key padding of a batch is
            `mask[:, None, None, :]`, as in torch.
        causal: row i of n_q sees the first n - n_q + i + 1 keys; combines with the mask.
        delta: allowed probability that the call misses any key of any head; shared equally among all rows that see one.
        seed: same seed, same result, for the samplers that `attend` names; every head has its own random numbers.
        resume: where a call with the same arguments goes on that Ctrl-C stopped.
        options: of `attend`. With `block`, heads that share K, V and the mask (an axis of length 1 there and not in Q,
            as in grouped-query attention) are searched together: the rows of one token are neighbours in a block.

    Returns:
        The output (..., n_q, d_v), the keys found for each row and what they cost.

    Raises:
        ProblemError: when shapes or options do not fit.
        HeadsInterrupted: a KeyboardInterrupt, with the heads that are done and how to go on.

    Cost: one `attend` per head if its rows see the same keys or growing prefixes of them (causal, padding); with other
    masks one per distinct row of the mask.

    Example:
        >>> import numpy as np
        >>> from qattn import attend_heads
        >>> Q, K, V = np.random.default_rng(0).normal(size=(3, 2, 5, 4))  # two heads, five tokens
        >>> attend_heads(Q, K, V, k=2, causal=True, method="exact").output.shape
        (2, 5, 4)
    """
    # masked keys may hold anything; `attend` wants the others finite
    Q, K, V = (real_array(name, array, finite=False) for name, array in (("Q", Q), ("K", K), ("V", V)))
    lead, allowed = _shapes(Q, K, V, mask)
    n_q, n = Q.shape[-2], K.shape[-2]
    if causal:
        allowed = allowed & (np.arange(n) <= np.arange(n_q)[:, None] + (n - n_q))
    own = K.shape[:-2], V.shape[:-2], allowed.shape[:-2]
    Q, K, V = (np.broadcast_to(array, lead + array.shape[-2:]) for array in (Q, K, V))
    allowed = np.broadcast_to(allowed, (*lead, n_q, n))
    thresholds = None if tau is None else np.broadcast_to(real_array("tau", tau, finite=False), (*lead, n_q))
    if not 0 < delta < 1:
        raise ProblemError(f"delta = {delta}; give a probability between 0 and 1, such as 0.01")
    shared = () if options.get("block", 1) == 1 else _shared_axes(lead, *own)
    work = [
        (heads, (number, block), *part)
        for number, heads in enumerate(_together(lead, shared))
        for block, part in enumerate(blocks(allowed[heads[0]]))
    ]
    searched = sum(len(heads) * rows.size for heads, _, rows, _, _ in work)
    output, parts = np.zeros((*lead, n_q, V.shape[-1])), [] if resume is None else list(resume.parts)
    root = seed_sequence(seed) if resume is None else resume.root
    for heads, place, rows, keys, visible in work[len(parts) :]:
        part_seed = np.random.SeedSequence(root.entropy, spawn_key=(*root.spawn_key, *place)).generate_state(1)[0]
        started = resume.stopped if resume is not None and len(parts) == len(resume.parts) else None
        count, first = len(heads), heads[0]
        try:
            result = attend(
                np.stack([Q[head][rows] for head in heads], axis=1).reshape(-1, Q.shape[-1]), K[first][keys],
                V[first][keys],
                None if thresholds is None else np.stack([thresholds[head][rows] for head in heads], axis=1).ravel(),
                visible=np.repeat(visible, count), delta=delta * (count * rows.size / searched), seed=int(part_seed),
                resume=started, **options,
            )  # fmt: skip
        except KeyboardInterrupt as stop:
            stopped = stop if isinstance(stop, Interrupted) else started
            raise HeadsInterrupted(tuple(parts), stopped, root) from None
        parts.append(Part(heads, rows, keys, result))
    for part in parts:
        for i, head in enumerate(part.heads):
            output[head][part.rows] = part.result.output[i :: len(part.heads)]
    return HeadsResult(output, tuple(parts), delta)


def _shared_axes(lead: tuple[int, ...], *shapes: tuple[int, ...]) -> tuple[int, ...]:
    """The leading axes along which none of the arrays of these leading shapes changes."""
    padded = [(1,) * (len(lead) - len(shape)) + shape for shape in shapes]
    return tuple(axis for axis, size in enumerate(lead) if size > 1 and all(shape[axis] == 1 for shape in padded))


def _together(lead: tuple[int, ...], shared: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], ...]]:
    """The heads in groups that differ along the shared axes only."""
    groups: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    for head in np.ndindex(lead):
        groups.setdefault(tuple(0 if axis in shared else i for axis, i in enumerate(head)), []).append(head)
    return map(tuple, groups.values())


def blocks(allowed: Mask) -> Iterator[tuple[Integers, Integers, Integers]]:
    """Split the rows of an (n_q, n) mask so that in each block every row sees a prefix of the block's keys.

    Yields (rows, keys, visible): row rows[i] sees keys[: visible[i]]. Rows that see nothing are in no block. One block
    suffices for padding, causal attention, and both at once.

    Args:
        allowed: (n_q, n) booleans, True where a row may see a key.
    """
    rows = np.flatnonzero(allowed.any(axis=1))
    if not rows.size:
        return
    keys = np.flatnonzero(allowed[rows].any(axis=0))
    seen = allowed[np.ix_(rows, keys)]
    visible = seen.sum(axis=1)
    if np.array_equal(seen, np.arange(keys.size) < visible[:, None]):
        yield rows, keys, visible
        return
    _, kind = np.unique(seen, axis=0, return_inverse=True)
    for value in range(kind.max() + 1):
        same = np.flatnonzero(kind.ravel() == value)
        some = np.flatnonzero(seen[same[0]])
        yield rows[same], keys[some], np.full(same.size, some.size)


def _shapes(Q: Floats, K: Floats, V: Floats, mask: ArrayLike | None) -> tuple[tuple[int, ...], Mask]:
    """The common leading axes, and the mask as an array."""
    shapes = f"Q, K, V have shapes {Q.shape}, {K.shape}, {V.shape}"
    if min(Q.ndim, K.ndim, V.ndim) < 2 or K.shape[-2] != V.shape[-2]:
        raise ProblemError(f"{shapes}; give (..., n_q, d), (..., n, d), (..., n, d_v)")
    pairs = (Q.shape[-2], K.shape[-2])
    allowed = np.ones(pairs, dtype=bool) if mask is None else plain_array("mask", mask)
    if allowed.dtype != bool:
        raise ProblemError(f"mask has dtype {allowed.dtype}; give booleans, True where a row may see a key")
    try:
        whole = np.broadcast_shapes(allowed.shape, pairs)
        lead = np.broadcast_shapes(Q.shape[:-2], K.shape[:-2], V.shape[:-2], whole[:-2])
    except ValueError:
        whole = lead = ()
    if whole[-2:] != pairs:
        raise ProblemError(
            f"{shapes}, the mask {allowed.shape}; leading axes must broadcast together, and the mask's last two "
            f"to (n_q, n) = {pairs}"
        )
    return lead, allowed
