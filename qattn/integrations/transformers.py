"""Hugging Face transformers: run the heads of a model by search, with `attn_implementation="qattn"`.

    collector = Collector()
    register(k=16, far_field="linear", collector=collector)
    model = AutoModel.from_pretrained(path, attn_implementation="qattn").eval()
    with torch.no_grad():
        model(**tokenizer(texts, padding=True, return_tensors="pt"))
    print(collector)

Every model that looks up its attention function by name works, encoders with padding and causal decoders with a cache
alike; of a static cache the slots that are filled, of a sliding window the keys in it, since the others are masked.
(`qattn.integrations.caches` follows one head of a cache.) Both the attention function and the mask function have to be
registered: without the second, transformers drops the padding mask and says nothing. What a model adds to the scores
or to the softmax (position bias, softcap, sinks) is refused, since the method searches <Q_i, K_j> alone, and so is any
argument that is not known to leave the scores alone.
A model that looks up nothing (MPNet, DeBERTa, XLNet, BLOOM, ...) fails at its first forward, when no head was searched.

One delta is spent per layer and forward, over all heads and sequences of the batch; `Collector.miss_bound` is what
the layers and steps so far add up to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from qattn.arrays import missing_extra
from qattn.classical.exact import exact_attention
from qattn.heads import HeadsResult, attend_heads
from qattn.integrations.stock import refuse_stock_attention

if TYPE_CHECKING:
    import torch

REFUSED = ("position_bias", "softcap", "s_aux", "sinks", "head_mask", "cache")
HARMLESS = (  # say nothing about the scores that the mask, the scale and the rotated keys do not say already
    "is_causal", "sliding_window", "position_ids", "position_embeddings", "cache_position", "use_cache", "return_dict",
    "output_attentions", "output_hidden_states", "output_router_logits", "num_items_in_batch", "layer_idx",
    "deterministic", "logits_to_keep",
)  # fmt: skip
MASKED = -9900.0  # additive masks hold this or less; -1e4 is -9984 in bfloat16


@dataclass(frozen=True)
class HeadRecord:
    """One head on one sequence.

    Attributes:
        layer: number of the layer.
        sequence: position in the batch.
        head: number of the head.
        n: keys in memory, masked ones included.
        rows: rows that see at least one key.
        pairs: visible (row, key) pairs: what exact attention evaluates.
        queries: uses of the phase oracle, over all rows.
        evaluations: classical scores, over all rows.
        mean_k: mean |S_i|.
        error: |O^ - O|_F / |O|_F against exact attention, or None when not measured.
        miss_bound: a search like the head's misses any key with at most this probability.
    """

    layer: int
    sequence: int
    head: int
    n: int
    rows: int
    pairs: int
    queries: int
    evaluations: int
    mean_k: float
    error: float | None
    miss_bound: float = 0.0


@dataclass(eq=False)
class Collector:
    """Where the accounts of the heads go; pass one to `register`, read `records` after the model has run.

    Attributes:
        measure: also compute exact attention and record each head's error; O(n_q n d) a head.
        records: one per head, sequence and call.
    """

    measure: bool = True
    records: list[HeadRecord] = field(default_factory=list)

    @property
    def miss_bound(self) -> float:
        """Everything recorded, all layers, batches and decoding steps, misses any key with at most this probability."""
        return float(min(sum(record.miss_bound for record in self.records), 1.0))

    def __str__(self) -> str:
        """One line per layer, and what the searches add up to."""
        if not self.records:
            return "no head has been searched; set attn_implementation to the registered name and run the model"
        lines = []
        for layer in sorted({record.layer for record in self.records}):
            of_layer = [record for record in self.records if record.layer == layer]
            rows = sum(record.rows for record in of_layer) or 1
            errors = [record.error for record in of_layer if record.error is not None]
            median = f", median error {np.median(errors):.3g}" if errors else ""
            lines.append(
                f"layer {layer}: {len(of_layer)} heads, mean k {np.mean([r.mean_k for r in of_layer]):.3g}, "
                f"{sum(r.queries for r in of_layer) / rows:.4g} queries and "
                f"{sum(r.evaluations for r in of_layer) / rows:.4g} evaluations a row "
                f"(exact: {sum(r.pairs for r in of_layer) / rows:.4g}){median}"
            )
        lines.append(f"all of these together miss any key with probability at most {self.miss_bound:.2e}")
        return "\n".join(lines)

    def grid(self, name: str = "error") -> np.ndarray[Any, np.dtype[np.float64]]:
        """(layers, heads) medians over all records of one attribute; nan where there is none.

        Args:
            name: a number of `HeadRecord`: "error", "queries", ..

        Returns:
            float64; the size is that of the largest layer and head recorded.
        """
        shape = max(r.layer for r in self.records) + 1, max(r.head for r in self.records) + 1
        values = np.full(shape, np.nan)
        for layer, head in np.ndindex(shape):
            own = [getattr(r, name) for r in self.records if (r.layer, r.head) == (layer, head)]
            own = [value for value in own if value is not None]
            if own:
                values[layer, head] = np.median(own)
        return values


def register(
    name: str = "qattn",
    *,
    tau: float | None = None,
    k: int | None = None,
    method: str = "grover",
    far_field: Any = "constant",
    delta: float = 1e-2,
    seed: int | None = 0,
    collector: Collector | None = None,
    **options: Any,
) -> None:
    """Make `attn_implementation=name` run a model's heads by `qattn.attend`. Registering again replaces the options.

    Args:
        name: what `from_pretrained` or `set_attn_implementation` will ask for.
        tau: threshold on the scaled scores.
        k: keys per row; 16 when neither tau nor k is given.
        method: "grover", "halfspace" or "exact".
        far_field: "ones", "constant", "linear" or a function.
        delta: allowed probability that a layer's call misses any key of any head and sequence.
        seed: same seed, same output; a sequence gives the same output alone and in a padded batch, unless it misses.
        collector: gets the accounts of every head.
        options: of `qattn.attend`; with method "grover" the sampler is GroverStatistics() unless given.

    Raises:
        ImportError: without transformers.
    """
    try:
        from transformers import AttentionInterface
        from transformers.masking_utils import AttentionMaskInterface, sdpa_mask
    except ImportError as error:
        raise missing_extra("this (transformers, torch)", "transformers") from error
    if tau is None and k is None:
        k = 16
    if method == "grover" and options.get("sampler") is None:
        from qattn.search.statistics import GroverStatistics

        options["sampler"] = GroverStatistics()
    options |= {"tau": tau, "k": k, "method": method, "far_field": far_field, "delta": delta}

    def boolean_mask(*args: Any, **kwargs: Any) -> torch.Tensor:
        """The mask in full, where scaled_dot_product_attention could do without it."""
        skips = {"allow_is_causal_skip": False, "allow_is_bidirectional_skip": False}
        whole: torch.Tensor = sdpa_mask(*args, **{**kwargs, **skips})
        return whole

    called = refuse_stock_attention(name)
    AttentionInterface.register(name, attention_function(options, seed, collector, called))
    AttentionMaskInterface.register(name, boolean_mask)


def attention_function(
    options: dict[str, Any],
    seed: int | None,
    collector: Collector | None,
    called: Callable[[], None] = lambda: None,
) -> Callable[..., Any]:
    """The function that transformers calls in every layer.

    Args:
        options: of `attend_heads`.
        seed: same seed, same output; every layer has its own random numbers.
        collector: gets the accounts of every head.
        called: called first, so that a model which never gets here can be told.

    Returns:
        A function of a module, its tensors and mask, as in transformers' AttentionInterface.
    """
    numbers: WeakKeyDictionary[torch.nn.Module, int] = WeakKeyDictionary()  # of layers that do not know their own

    def attention(
        module: torch.nn.Module,
        query: torch.Tensor,
        key: torch.Tensor,
        value: torch.Tensor,
        attention_mask: torch.Tensor | None,
        scaling: float | None = None,
        dropout: float = 0.0,
        **kwargs: Any,
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Query (b, h, n_q, d), key (b, h / groups, n, d), value, mask (b, 1, n_q, n) -> (b, n_q, h, d_v), and maps.

        The maps D(B)^-1 B, (b, h, n_q, n), are made where the model is asked for output_attentions.
        """
        import torch

        called()
        _check({"query": query, "key": key, "value": value, "attention_mask": attention_mask}, dropout, kwargs)
        groups = query.shape[1] // key.shape[1]
        Q, K, V = (_numpy(tensor) for tensor in (query, key, value))
        K, V = (np.repeat(array, groups, axis=1) for array in (K, V))
        mask = _visible(attention_mask, K.shape[2])
        causal = kwargs.get("is_causal")
        if causal is None:
            causal = getattr(module, "is_causal", True)  # as scaled_dot_product_attention has it
        layer = getattr(module, "layer_idx", None)
        if layer is None:
            layer = numbers.setdefault(module, len(numbers))
        layer_seed = None if seed is None else int(np.random.SeedSequence([seed, layer]).generate_state(1)[0])
        scale = query.shape[-1] ** -0.5 if scaling is None else scaling
        window = kwargs.get("sliding_window")
        if mask is None and window is not None and K.shape[2] > window:
            raise ValueError(f"this model has a sliding window of {window} keys and gives no mask for it; use another")
        wanted = kwargs.get("output_attentions") or getattr(getattr(module, "config", None), "output_attentions", False)
        share = {**options, "delta": options.get("delta", 1e-2) / Q.shape[0]}
        outputs, maps = [], []
        for b in range(Q.shape[0]):  # one by one, so that a sequence's random numbers do not depend on its neighbours
            result = attend_heads(
                Q[b], K[b], V[b], mask=None if mask is None else mask[min(b, len(mask) - 1)], scale=scale,
                causal=bool(causal) and mask is None and Q.shape[2] > 1, seed=layer_seed, **share,
            )  # fmt: skip
            outputs.append(result.output)
            if wanted:
                maps.append(_weights(result, K.shape[2]))
            if collector is not None:
                collector.records += [
                    _record(result, layer, b, h, K.shape[2], collector.measure) for h in range(Q.shape[1])
                ]
        stacked = torch.from_numpy(np.stack(outputs)).to(dtype=query.dtype, device=query.device)
        weights = torch.from_numpy(np.stack(maps)).to(dtype=query.dtype, device=query.device) if wanted else None
        return stacked.transpose(1, 2).contiguous(), weights

    return attention


def _check(tensors: dict[str, torch.Tensor | None], dropout: float, kwargs: dict[str, Any]) -> None:
    for name, tensor in tensors.items():
        if tensor is not None and tensor.requires_grad:
            raise ValueError(f"{name} requires grad, and the search has none; run the model under torch.no_grad()")
    if dropout:
        raise ValueError(f"dropout = {dropout}; call model.eval() first")
    given = [name for name in REFUSED if kwargs.get(name) is not None]
    if given:
        raise ValueError(f"this model uses {', '.join(given)}, so its scores are more than <Q, K>; use another model")
    unknown = [n for n, value in kwargs.items() if n not in HARMLESS and value is not None and value is not False]
    if unknown:
        raise ValueError(
            f"this model gives its attention {', '.join(unknown)}, which may change the scores or the mask "
            "in a way that the search does not know; use another model"
        )


def _numpy(tensor: torch.Tensor) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.asarray(tensor.detach().double().cpu().numpy())


def _visible(mask: torch.Tensor | None, n: int) -> np.ndarray[Any, np.dtype[np.bool_]] | None:
    """Where a row may see a key: from a boolean mask, or from an additive one of zeros and very negative numbers."""
    if mask is None:
        return None
    array = mask[..., :n].detach().cpu()
    if array.dtype.is_floating_point:
        additive = array.double().numpy()
        if not np.all((additive == 0) | (additive <= MASKED)):
            raise ValueError("this model adds a bias to its scores through the mask; only masks are supported")
        return np.asarray(additive == 0)
    return np.asarray(array.bool().numpy())


def _weights(result: HeadsResult, n: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """(h, n_q, n) D(B)^-1 B, 0 for masked keys."""
    weights = np.zeros((*result.output.shape[:-1], n))
    for part in result.parts:
        B, visible = part.result.attention, part.result.problem.visible
        shown = np.where(np.arange(part.keys.size) < visible[:, None], B.toarray() / B.row_sums()[:, None], 0.0)
        for i, head in enumerate(part.heads):
            weights[head][np.ix_(part.rows, part.keys)] = shown[i :: len(part.heads)]
    return weights


def _record(result: HeadsResult, layer: int, sequence: int, head: int, n: int, measure: bool) -> HeadRecord:
    parts = [part for part in result.parts if part.heads == ((head,),)]
    found = [js.size for part in parts for js in part.result.found]
    wrong = right = 0.0
    for part in parts if measure else ():
        exact_output = exact_attention(part.result.problem)
        wrong += float(np.sum((part.result.output - exact_output) ** 2))
        right += float(np.sum(exact_output**2))
    return HeadRecord(
        layer=layer,
        sequence=sequence,
        head=head,
        n=n,
        rows=len(found),
        pairs=sum(int(part.result.problem.visible.sum()) for part in parts),
        queries=int(result.queries[head].sum()),
        evaluations=int(result.evaluations[head].sum()),
        mean_k=float(np.mean(found)) if found else 0.0,
        error=float(np.sqrt(wrong / right)) if measure and right > 0 else None,
        miss_bound=float(sum(part.result.miss_bound for part in parts)),
    )
