"""An `AttentionCache` that follows a cache of transformers: one head of a model, looked at while it decodes.

    past, cache = DynamicCache(config=model.config), AttentionCache(k=16, far_field="linear")
    while ...:
        model(ids, past_key_values=past)
        follow(cache, past, layer=3, head=0)
        cache.attend(query)

Every cache whose layers keep all keys can be followed, `DynamicCache` and `StaticCache` above all; of a static one the
slots that are filled. A layer with a sliding window forgets keys, and is refused.

The model's own attention runs by search with `qattn.integrations.transformers.register`, whatever cache the model has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from qattn.cache import AttentionCache
from qattn.problem import ProblemError

if TYPE_CHECKING:
    from transformers import Cache


def follow(
    cache: AttentionCache, past: Cache, *, layer: int = 0, head: int = 0, sequence: int = 0, padding: int = 0
) -> None:
    """Bring a cache up to date: new keys are appended, and those that were cropped or replaced are taken back first.

    Args:
        cache: empty, or one that has followed the same head so far.
        past: of transformers, after a forward of the model.
        layer: number of the layer.
        head: number of the key and value head.
        sequence: position in the batch.
        padding: how many of the first tokens are padding, which no row sees.

    Raises:
        ProblemError: a ValueError, when there is no such layer, head or sequence, or it has a sliding window.

    Cost: the keys that are there already are compared, O(n d); a new one is appended in O(d + d_v).
    """
    if not -len(past.layers) <= layer < len(past.layers):
        raise ProblemError(f"layer = {layer}; the cache has {len(past.layers)} layers, and has them after a forward")
    held = past.layers[layer]
    if held.is_sliding:
        raise ProblemError(f"layer {layer} has a sliding window and forgets keys; follow a layer that sees all of them")
    batch, heads = held.keys.shape[:2]
    if not (-batch <= sequence < batch and -heads <= head < heads):
        raise ProblemError(f"sequence = {sequence}, head = {head}; the layer has {batch} sequences and {heads} heads")
    filled = slice(padding, int(held.get_seq_length()))
    K, V = (_numpy(tensor[sequence, head, filled]) for tensor in (held.keys, held.values))
    cache.crop(_common(cache, K, V))
    if len(cache) < len(K):
        cache.append(K[len(cache) :], V[len(cache) :])


def _numpy(tensor: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.asarray(tensor.detach().double().cpu().numpy())


def _common(cache: AttentionCache, K: np.ndarray[Any, Any], V: np.ndarray[Any, Any]) -> int:
    """How many keys and values are the same from the first on."""
    n = min(len(cache), len(K))
    if not n or cache.keys.shape[1] != K.shape[1] or cache.values.shape[1] != V.shape[1]:
        return 0
    same = (cache.keys[:n] == K[:n]).all(axis=1) & (cache.values[:n] == V[:n]).all(axis=1)
    return n if same.all() else int(np.argmin(same))
