"""Half-space reporting: all points on one side of a hyperplane (Algorithm 3, Definition 7.1), exact and batched.

Built on the keys and queried with the rows, it finds the sets S_i of Algorithm 1 classically. (Algorithm 4 as printed
builds on Q and queries with K_i, which reports the columns of QK^T; attention needs its rows.)
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from qattn.arrays import Floats, Indices, real_array
from qattn.classical import scan as products

STRUCTURES = ("auto", "layers", "boxes", "products")
TREE_DIMENSIONS = 16  # beyond, a tree of boxes visits almost every leaf
SMALL = 512  # points; fewer are not worth a structure, nor loading a compiler
PEELABLE = 1_000_000  # points of the plane that are peeled to the last in some five seconds
PILOT = 16  # at most so many rows of a batch find out whether the tree pays
CHUNK = 256  # rows for which another thread pays

Answers = tuple[list[Indices], Indices, Indices]  # the rows' indices; their evaluations; rows given up
Kernel = Callable[[Floats, Floats], Answers]
NONE = np.empty(0, np.int64)


class HalfSpaceReporter:
    """Reports {j : <normal, x_j> >= offset}, decided on `qattn.scores.scores`, in O(nd) space.

    In the plane convex layers answer in O(log n + k), for up to 10^6 points. Up to d = 16 there is a tree of bounding
    boxes; each batch sends a few rows ahead, and where they touch too many boxes, beyond d = 16, below 512 points, and
    without numba, float32 matrix products with a proven margin answer. All of them give the same sets.
    Theorem 7.2 promises O~(n^(1 - 1/floor(d/2)) + k) a query after O(n log n); that structure is not known to pay.

    Attributes:
        points: (n, d) the points.
        structure: "layers", "boxes" or "products".

    Example:
        >>> from qattn import HalfSpaceReporter
        >>> reporter = HalfSpaceReporter([[0, 0], [1, 2], [3, 1]])
        >>> [js.tolist() for js in reporter.query([[1, 0], [0, 1]], [1, 2])]
        [[1, 2], [1]]
    """

    points: Floats
    structure: str

    def __init__(self, points: ArrayLike, *, structure: str = "auto", threads: int | None = None) -> None:
        """Build the structure.

        Args:
            points: (n, d) finite points, n, d >= 1.
            structure: "auto", or the one to insist on: "layers" (d = 2 only), "boxes" or "products".
            threads: threads for large batches; None takes the processors at hand. Products use those of the BLAS.

        Raises:
            ValueError: when the points or the structure do not fit.
            ImportError: when "layers" or "boxes" is asked for without numba.

        Cost: O(d n log n); peeling points of the plane takes about 5 s per million, which "boxes" saves for queries
            three times as slow.
        """
        self.points = real_array("points", points)
        if self.points.ndim != 2 or 0 in self.points.shape:
            raise ValueError(f"points have shape {self.points.shape}; give finite (n, d) with n, d >= 1")
        if structure not in STRUCTURES:
            raise ValueError(f"structure = {structure!r}; choose one of {', '.join(STRUCTURES)}")
        if structure == "layers" and self.points.shape[1] != 2:
            raise ValueError(f"convex layers need d = 2, the points have d = {self.points.shape[1]}")
        self._threads = threads or os.cpu_count() or 1
        self._free = structure == "auto"  # may turn to products for a batch
        self.structure, self._kernel = self._build(structure)

    def query(self, normals: ArrayLike, offsets: ArrayLike) -> list[Indices]:
        """The sorted indices of the points in each closed half-space <normal, x> >= offset.

        Args:
            normals: (m, d) finite normals.
            offsets: one offset, or (m,); an infinite one reports nothing or everything.

        Returns:
            m sorted index arrays.

        Raises:
            ValueError: when the shapes do not match or a normal is not finite or an offset is NaN.

        Cost: see the class; memory O(m + what is reported).
        """
        return self.counted(normals, offsets)[0]

    def counted(self, normals: ArrayLike, offsets: ArrayLike) -> tuple[list[Indices], Indices]:
        """`query`, and how many inner products of length d each row took: n by products, no fewer.

        In the tree the corners of boxes count as well as points, and so do rows sent ahead or given up.

        Args:
            normals: (m, d) finite normals.
            offsets: one offset, or (m,).

        Returns:
            m sorted index arrays, and (m,) evaluations.

        Raises:
            ValueError: when the shapes do not match or a normal is not finite or an offset is NaN.
        """
        Q = real_array("normals", normals)
        if Q.ndim != 2 or Q.shape[1] != self.points.shape[1]:
            raise ValueError(f"normals have shape {Q.shape}; give finite (m, {self.points.shape[1]})")
        tau = np.array(np.broadcast_to(real_array("offsets", offsets, finite=False), Q.shape[:1]))
        if np.isnan(tau).any():
            raise ValueError(f"offset {int(np.argmax(np.isnan(tau)))} is NaN; give numbers")
        if self.structure == "boxes":
            return self._boxes_or_products(Q, tau)
        found, spent, _ = self._run(self._kernel, Q, tau)
        return found, spent

    def _build(self, structure: str) -> tuple[str, Kernel]:
        """The structure that will be asked first, by name, and its queries."""
        n, d = self.points.shape
        worthwhile = n >= SMALL and d <= TREE_DIMENSIONS
        if structure == "products" or (structure == "auto" and not worthwhile):
            return "products", self._products
        if structure == "layers" or (structure == "auto" and d == 2 and n <= PEELABLE):
            from qattn.classical import convex_layers as layers

            onion = layers.build(self.points)

            def by_layers(Q: Floats, tau: Floats) -> Answers:
                ends, found, spent = layers.query(onion, Q, tau)
                return _rows(ends, found), spent, NONE

            return "layers", by_layers
        from qattn.classical import kd_tree as boxes

        tree = boxes.build(self.points)
        # a visit of eight boxes or sixteen points costs about as much as 16 d points of a matrix product
        budget = n // (16 * d) + 8 if self._free else 2**62

        def by_boxes(Q: Floats, tau: Floats) -> Answers:
            ends, found, spent, given_up = boxes.query(tree, Q, tau, budget)
            return _rows(ends, found), spent, given_up

        return "boxes", by_boxes

    @cached_property
    def _products(self) -> Kernel:
        scaled = products.build(self.points)
        return lambda Q, tau: (_rows(*products.query(scaled, Q, tau)), np.full(len(Q), len(self.points)), NONE)

    def _boxes_or_products(self, Q: Floats, tau: Floats) -> tuple[list[Indices], Indices]:
        """The tree's answers; rows that ran over their budget, or all when most of the first did, by products."""
        pilot = min(PILOT, 1 + len(Q) // 16)
        _, ahead, given_up = self._kernel(Q[:pilot], tau[:pilot])
        if 2 * given_up.size > pilot:
            found, spent, _ = self._products(Q, tau)
        else:
            found, spent, given_up = self._run(self._kernel, Q, tau)
            if given_up.size:
                rest, more, _ = self._products(Q[given_up], tau[given_up])
                spent[given_up] += more
                for row, indices in zip(given_up, rest, strict=True):
                    found[row] = indices
        spent[:pilot] += ahead
        return found, spent

    def _run(self, kernel: Kernel, Q: Floats, tau: Floats) -> Answers:
        """A batch, cut into chunks for several threads when it is large (kernels release the interpreter lock)."""
        parts = 1 if self.structure == "products" else min(self._threads, 1 + len(Q) // CHUNK)
        if parts == 1:
            return kernel(Q, tau)
        cuts = np.linspace(0, len(Q), parts + 1).astype(int)
        with ThreadPoolExecutor(parts) as pool:
            answers = list(pool.map(lambda a, b: kernel(Q[a:b], tau[a:b]), cuts[:-1], cuts[1:]))
        given_up = [rows + start for (_, _, rows), start in zip(answers, cuts[:-1], strict=True)]
        spent = np.concatenate([part for _, part, _ in answers])
        return [row for rows, _, _ in answers for row in rows], spent, np.concatenate(given_up)


def _rows(ends: Indices, found: Indices) -> list[Indices]:
    """One array per row."""
    bounds = [0, *ends.tolist()]
    return [found[a:b] for a, b in pairwise(bounds)]
