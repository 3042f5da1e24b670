"""Half-space reporting: all points on one side of a hyperplane (Algorithm 3, Definition 7.1), exact and batched.

Built on the keys and queried with the rows, it finds the sets S_i of Algorithm 1 classically. (Algorithm 4 as printed
builds on Q and queries with K_i, which reports the columns of QK^T; attention needs its rows.)
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from qattn.classical import products
from qattn.classical.compiled import available
from qattn.classical.exact import Floats, Indices

STRUCTURES = ("auto", "layers", "boxes", "products")

TREE_DIMENSIONS = 16  # from here on a tree of boxes visits almost every leaf
PEELABLE = 100_000  # points in the plane that are peeled completely in about a second
SHALLOW = 64  # layers; more points than PEELABLE are peeled only when they lie this close to convex position
PILOT = 16  # rows of a batch that say whether the tree pays
CHUNK = 256  # rows below which another thread does not pay

Answer = tuple[Indices, Indices]
NO_BUDGET = 2**62


@dataclass(frozen=True, eq=False)
class HalfSpaceReporter:
    """Reports {j : <normal, x_j> >= offset}, decided on `qattn.classical.exact.scores`, in O(nd) space.

    In the plane: convex layers, O(log n + k) a query, unless peeling would take long. Up to d = 16: a tree of bounding
    boxes, of which each batch sends its first rows ahead; where they touch too many boxes, and beyond d = 16, or
    without numba (`pip install "qattn-grover[halfspace]"`): float32 matrix products with a proven margin. All give
    the same answers. The paper's Theorem 7.2 has O~(n^(1 - 1/floor(d/2)) + k) per query after O(n log n).

    Attributes:
        points: (n, d) finite points, n, d >= 1.
        structure: "auto", or one of "layers" (d = 2), "boxes", "products" to insist on it.
        threads: threads for large batches; None takes the processors at hand. Matrix products use those of the BLAS.
    """

    points: Floats
    structure: str = field(default="auto", kw_only=True)
    threads: int | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        points = np.ascontiguousarray(self.points, dtype=np.float64)
        if points.ndim != 2 or 0 in points.shape or not np.isfinite(points).all():
            raise ValueError(f"points have shape {points.shape}; give finite (n, d) with n, d >= 1")
        if self.structure not in STRUCTURES:
            raise ValueError(f"structure = {self.structure!r}; choose one of {', '.join(STRUCTURES)}")
        if self.structure == "layers" and points.shape[1] != 2:
            raise ValueError(f"convex layers need d = 2, the points have d = {points.shape[1]}")
        object.__setattr__(self, "points", points)
        self._answer  # noqa: B018 - built now, so that a query's time is a query's time

    def query(self, normals: ArrayLike, offsets: ArrayLike) -> list[Indices]:
        """The sorted indices of the points in each closed half-space <normal, x> >= offset.

        Args:
            normals: (m, d) finite normals.
            offsets: one offset, or (m,); infinite ones report nothing or everything.

        Raises:
            ValueError: when shapes do not match or a number is not finite.
        """
        Q = np.ascontiguousarray(normals, dtype=np.float64)
        if Q.ndim != 2 or Q.shape[1] != self.points.shape[1] or not np.isfinite(Q).all():
            raise ValueError(f"normals have shape {Q.shape}; give finite (m, {self.points.shape[1]})")
        tau = np.array(np.broadcast_to(np.asarray(offsets, dtype=np.float64), Q.shape[:1]))
        if np.isnan(tau).any():
            raise ValueError(f"offsets hold NaN at {np.flatnonzero(np.isnan(tau))[:5]}; give numbers")
        return self._answer(Q, tau)

    @cached_property
    def _answer(self) -> Callable[[Floats, Floats], list[Indices]]:
        """The way this instance answers, with its structure built."""
        n, d = self.points.shape
        if self.structure == "products" or (
            self.structure == "auto" and (not available() or d > TREE_DIMENSIONS)
        ):
            return self._by_products
        if d == 2 and self.structure != "boxes":
            from qattn.classical import layers

            every = self.structure == "layers" or n <= PEELABLE
            onion = layers.build(self.points, *(() if every else (SHALLOW,)))
            if onion is not None:
                return lambda Q, tau: self._threaded(lambda q, t: layers.query(onion, q, t), Q, tau)
        from qattn.classical import boxes

        tree = boxes.build(self.points)
        run = lambda Q, tau, budget: self._threaded(lambda q, t: boxes.query(tree, q, t, budget), Q, tau)  # noqa: E731
        if self.structure == "boxes":
            return lambda Q, tau: run(Q, tau, NO_BUDGET)
        return lambda Q, tau: self._tree_if_it_pays(run, Q, tau)
