"""Attention in which each row of each head reads at most so many keys: by search with a far field, and without one.

A key is read for a row when its score enters the row's output. All keys of a row that sees no more than `budget` are
read, and its output is exact. Beyond that:

- "top-k": the best keys by score, softmax over them alone.
- "window": the keys nearest to the row (in a causal model the last ones).
- "sinks + window": the first 4 keys, or half of a budget below 8, and the nearest ones (StreamingLLM, 2309.17453).
- "random": keys drawn uniformly; what reading that many keys is worth by itself.
- "ones": the best keys and 1 for the exponential of every other (the paper); computed by qattn.
- "constant", "linear": three quarters of the budget are the best keys, one quarter are drawn; computed by qattn.

"window" and "random" know beforehand what to read; the others have to find it, which the budget does not count. The far
fields also use sums over all values, and "linear" over keys and products of both, which cost O(d^2) once a key.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from transformers import AttentionInterface
from transformers.masking_utils import AttentionMaskInterface

from qattn.approximation.far_field import ConstantField
from qattn.integrations.transformers import register

FIELDS = ("ones", "constant", "linear")
WAYS = ("top-k", "window", "sinks + window", *FIELDS, "random")
SINKS = 4


def split(way: str, budget: int) -> tuple[int, int]:
    """(found, drawn): how the keys read divide."""
    drawn = budget // 4 if way in ("constant", "linear") else 0
    return budget - drawn, drawn


def nothing(problem: Any, found: Any, draws: Any, shift: Any) -> ConstantField:
    """A far field of one's own: weight 0, so that only the found keys count."""
    return ConstantField(np.zeros(problem.n_q), problem.visible)


CHECKS: dict[str, Any] = {"all found": "ones", "top-k by qattn": nothing}


def install(model: Any, way: str, budget: int, seed: int = 0) -> None:
    """Make the model's heads read in this way.

    Args:
        model: of transformers.
        way: one of `WAYS`; "exact" reads everything; of `CHECKS`, qattn finds all of the budget, short rows as others.
        budget: most keys a row.
        seed: of the draws.
    """
    if way == "exact":
        model.set_attn_implementation("sdpa")
        return
    found, drawn = split(way, budget)
    field = CHECKS.get(way, way if way in FIELDS else "ones")
    register("qattn", k=found, method="exact", far_field=field, samples=max(drawn, 1), seed=seed)
    if way in FIELDS:
        AttentionInterface.register("qattn", short_rows_exact(AttentionInterface()["qattn"], budget))
    elif way not in CHECKS:
        AttentionInterface.register("chosen", chosen_keys(way, budget, seed))
        AttentionMaskInterface.register("chosen", AttentionMaskInterface()["qattn"])
    model.set_attn_implementation("qattn" if way in (*FIELDS, *CHECKS) else "chosen")


def short_rows_exact(searched: Callable[..., Any], budget: int) -> Callable[..., Any]:
    """The attention function, but rows of at most `budget` keys are exact, as reading all of them makes them."""

    def attention(module: Any, query: Any, key: Any, value: Any, attention_mask: Any, **options: Any) -> Any:
        output, maps = searched(module, query, key, value, attention_mask, **options)
        short = attention_mask.sum(-1) <= budget  # (b, 1, n_q)
        if short.any():
            groups = query.shape[1] // key.shape[1]
            key, value = (array.repeat_interleave(groups, dim=1) for array in (key, value))
            exact = torch.nn.functional.scaled_dot_product_attention(
                query, key, value, attn_mask=attention_mask, scale=options.get("scaling")
            )
            output = torch.where(short.transpose(1, 2)[..., None], exact.transpose(1, 2), output)
        return output, maps

    return attention


def chosen_keys(way: str, budget: int, seed: int) -> Callable[..., Any]:
    """The attention function that is softmax over chosen keys alone.

    Args:
        way: "top-k", "window", "sinks + window" or "random".
        budget: keys a row.
        seed: of "random".

    Returns:
        A function as in transformers' AttentionInterface.
    """
    generator = torch.Generator().manual_seed(seed)

    def attention(
        module: Any, query: Any, key: Any, value: Any, attention_mask: Any, scaling: float | None = None, **_: Any
    ) -> Any:
        groups = query.shape[1] // key.shape[1]
        key, value = (array.repeat_interleave(groups, dim=1).double() for array in (key, value))
        scale = query.shape[-1] ** -0.5 if scaling is None else scaling
        scores = query.double() @ key.mT * scale
        rank = priority(way, scores, budget, generator).masked_fill(~attention_mask, -torch.inf)
        best = rank.topk(min(budget, rank.shape[-1]), dim=-1).indices
        kept = torch.zeros_like(rank, dtype=torch.bool).scatter(-1, best, True) & attention_mask
        output = scores.masked_fill(~kept, -torch.inf).softmax(-1) @ value
        return output.to(query.dtype).transpose(1, 2).contiguous(), None

    return attention


def priority(way: str, scores: Any, budget: int, generator: Any) -> Any:
    """What ranks the keys of each row, in the shape of the scores (b, h, n_q, n)."""
    if way == "top-k":
        return scores
    if way == "random":
        return torch.rand(scores.shape, generator=generator, dtype=scores.dtype)
    n_q, n = scores.shape[-2:]
    keys, rows = torch.arange(n), torch.arange(n - n_q, n)[:, None]
    near = ((keys < rows).long() - 2 * (keys - rows).abs()).to(scores.dtype)  # between two as near, the earlier
    if way == "sinks + window":
        near = near.masked_fill(keys < min(SINKS, budget // 2), 1.0)
    return near.expand(scores.shape)
