"""Grover's rotation: after m iterations with M of n indices marked the state stands at the angle (2m+1) theta.

sin^2 theta = M/n, and sin^2((2m+1) theta) is the probability of measuring a marked index (Boyer, Brassard, Hoyer,
Tapp, quant-ph/9605034).
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from qattn.arrays import Floats


def angle(n: int, marked: ArrayLike) -> Floats:
    """Theta = arcsin sqrt(M/n), for each count.

    Args:
        n: indices.
        marked: how many of them are marked, 0..n; any shape.

    Returns:
        Radians, 0 to pi/2, in the shape of `marked`.
    """
    return np.asarray(np.arcsin(np.sqrt(np.asarray(marked) / n)))


def hit_probabilities(n: int, marked: ArrayLike, iterations: ArrayLike) -> Floats:
    """sin^2((2m+1) theta) for arrays of counts and of iterations.

    Args:
        n: indices.
        marked: how many of them are marked.
        iterations: m >= 0; broadcast against `marked`.

    Returns:
        Probabilities; 0 where nothing is marked.
    """
    return np.asarray(np.sin((2 * np.asarray(iterations) + 1) * angle(n, marked)) ** 2)


def hit_probability(n: int, marked: int, iterations: int, angles: Sequence[float] = ()) -> float:
    """Probability sin^2((2m+1) theta) of measuring one of `marked` indices of n after m iterations.

    Args:
        n: indices.
        marked: how many of them are marked.
        iterations: m >= 0.
        angles: of the last of the m reflections, in radians, where they do not turn by pi.

    Returns:
        A probability; 0 when nothing is marked.
    """
    if not angles:
        return float(hit_probabilities(n, marked, iterations))
    theta = float(angle(n, marked))
    turned = (2 * (iterations - len(angles)) + 1) * theta
    hit, miss = complex(math.sin(turned)), complex(math.cos(turned))
    for phase in angles:
        overlap = (1 - cmath.exp(1j * phase)) * (math.cos(theta) * miss - math.sin(theta) * hit)
        hit, miss = overlap * math.sin(theta) + hit, overlap * math.cos(theta) - miss
    return min(1.0, abs(hit) ** 2)
