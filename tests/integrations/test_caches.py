"""An AttentionCache beside the caches of transformers, through prompts, tokens, guesses taken back, and other texts."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from qattn import AttentionCache, GroverStatistics, attend  # noqa: E402
from qattn.integrations.caches import follow  # noqa: E402
from qattn.problem import ProblemError  # noqa: E402

SIZES = {
    "vocab_size": 50, "hidden_size": 24, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
    "intermediate_size": 16, "max_position_embeddings": 64, "pad_token_id": 0,
}  # fmt: skip


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return transformers.LlamaForCausalLM(transformers.LlamaConfig(**SIZES)).eval()


def ours():
    return AttentionCache(k=3, far_field="linear", samples=3, sampler=GroverStatistics(), rank="all", bits=5, seed=1)


def dynamic(config):
    return transformers.DynamicCache(config=config)


def static(config):
    return transformers.StaticCache(config=config, max_cache_len=24)


@torch.no_grad()
def forward(model, past, tokens):
    model(torch.tensor([tokens, tokens[::-1]]), past_key_values=past)


def held(past, layer, head, sequence, n):
    part = past.layers[layer]
    return (x[sequence, head, :n].double().numpy() for x in (part.keys, part.values))


@pytest.mark.parametrize("make", [dynamic, static])
@pytest.mark.parametrize(("layer", "head", "sequence"), [(0, 1, 0), (1, 0, 1)])
def test_tokens_are_followed(model, make, layer, head, sequence) -> None:
    past, cache, where = make(model.config), ours(), {"layer": layer, "head": head, "sequence": sequence}
    rng, n = np.random.default_rng(0), 0
    for tokens in ([3, 1, 4, 1, 5], [9], [2], [6, 5]):
        forward(model, past, tokens)
        follow(cache, past, **where)
        n += len(tokens)
        K, V = held(past, layer, head, sequence, n)
        assert np.array_equal(cache.keys, K)
        assert np.array_equal(cache.values, V)
        q = rng.normal(size=6)
        fresh = attend(q[None], K, V, seed=cache.seed_of(cache.calls), **cache.options)
        result = cache.attend(q)
        assert result.found[0].tolist() == fresh.found[0].tolist()
        assert result.queries == fresh.queries
        np.testing.assert_allclose(result.output, fresh.output, rtol=1e-12, atol=1e-13)
    follow(cache, past, **where)
    assert len(cache) == n, "nothing new"


@pytest.mark.parametrize("make", [dynamic, static])
def test_a_guess_that_was_taken_back_is_forgotten(model, make) -> None:
    """Also when as many other tokens have come in its place since."""
    past, cache = make(model.config), ours()
    forward(model, past, [3, 1, 4, 1, 5, 9])
    follow(cache, past)
    guessed = cache.keys.copy()
    past.crop(-2)
    follow(cache, past)
    assert len(cache) == 4
    forward(model, past, [7, 8])
    follow(cache, past)
    assert np.array_equal(cache.keys[:4], guessed[:4])
    assert np.array_equal(cache.keys, next(held(past, 0, 0, 0, 6)))
    past.crop(-1)
    forward(model, past, [11])
    follow(cache, past)
    assert np.array_equal(cache.keys, next(held(past, 0, 0, 0, 6)))


def test_another_text_padding_and_what_cannot_be_followed(model) -> None:
    cache, past = ours(), dynamic(model.config)
    with pytest.raises(ProblemError, match="layer = 7"):
        follow(cache, past, layer=7)
    forward(model, past, [0, 0, 3, 1])
    follow(cache, past, padding=2)
    assert np.array_equal(cache.keys, next(held(past, 0, 0, 0, 4))[2:])
    for wrong in ({"head": 2}, {"sequence": 2}):
        with pytest.raises(ProblemError, match="2 sequences and 2 heads"):
            follow(cache, past, **wrong)
    other = dynamic(model.config)
    forward(model, other, [8, 8, 8])
    follow(cache, other)
    assert np.array_equal(cache.keys, next(held(other, 0, 0, 0, 3)))
    torch.manual_seed(0)
    sliding = transformers.MistralForCausalLM(transformers.MistralConfig(**SIZES, sliding_window=4)).eval()
    window = dynamic(sliding.config)
    forward(sliding, window, [3, 1, 4, 1, 5, 9])
    with pytest.raises(ProblemError, match="sliding window"):
        follow(cache, window)
