"""Small randomly initialised models, their heads run by search, against the same models with exact attention."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from qattn.integrations.transformers import Collector, register  # noqa: E402

LENGTHS = (9, 5, 2)


def encoder(implementation):
    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=50, hidden_size=24, num_hidden_layers=2, num_attention_heads=3, intermediate_size=16,
        max_position_embeddings=16,
    )  # fmt: skip
    model = transformers.BertModel(config, add_pooling_layer=False).eval()
    with torch.no_grad():
        for layer in model.encoder.layer:  # random weights give flat rows; sharpen them
            layer.attention.self.query.weight *= 40
    model.set_attn_implementation(implementation)
    return model


def decoder(implementation, config=transformers.LlamaConfig, model=transformers.LlamaForCausalLM, seed=1, **more):
    torch.manual_seed(seed)
    made = model(config(
        vocab_size=50, hidden_size=24, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        intermediate_size=16, max_position_embeddings=64, pad_token_id=0, **more,
    )).eval()  # fmt: skip
    with torch.no_grad():
        for layer in made.model.layers:
            layer.self_attn.q_proj.weight *= 40
    made.set_attn_implementation(implementation)
    return made


def batch(side="right", seed=0):
    ids = torch.zeros(len(LENGTHS), max(LENGTHS), dtype=torch.long)
    mask = torch.zeros_like(ids)
    tokens = torch.randint(1, 50, ids.shape, generator=torch.Generator().manual_seed(seed))
    for row, length in enumerate(LENGTHS):
        place = slice(0, length) if side == "right" else slice(max(LENGTHS) - length, None)
        ids[row, place], mask[row, place] = tokens[row, :length], 1
    return {"input_ids": ids, "attention_mask": mask}


def hidden(model, inputs):
    with torch.no_grad():
        return model(**inputs, output_hidden_states=True).hidden_states[-1]


@pytest.mark.parametrize(
    "options", [{"method": "exact", "k": 99}, {"method": "halfspace", "tau": -1e6}, {"method": "grover", "k": 99}]
)
@pytest.mark.parametrize(("make", "side"), [(encoder, "right"), (decoder, "left"), (decoder, "right")])
def test_all_keys_are_exact_attention(make, side, options) -> None:
    register("qattn-test", far_field="ones", **options)
    inputs = batch(side)
    real = inputs["attention_mask"].bool()
    found, exact = hidden(make("qattn-test"), inputs), hidden(make("eager"), inputs)
    assert torch.isfinite(found[real]).all()
    assert torch.allclose(found[real], exact[real], atol=1e-5)


def test_padding_changes_nothing_not_even_the_samples() -> None:
    register("qattn-test", k=2, method="exact", far_field="linear", samples=2, seed=7)
    model, inputs = encoder("qattn-test"), batch()
    together = hidden(model, inputs)
    for row, length in enumerate(LENGTHS):
        alone = hidden(model, {"input_ids": inputs["input_ids"][row : row + 1, :length]})
        assert torch.allclose(together[row, :length], alone[0], atol=1e-6)


def test_far_keys_matter_and_seeds_decide_the_samples() -> None:
    outputs = []
    for seed in (1, 1, 2):
        register("qattn-test", k=2, method="exact", far_field="constant", samples=2, seed=seed)
        outputs.append(hidden(encoder("qattn-test"), batch()))
    assert torch.equal(outputs[0], outputs[1])
    assert not torch.equal(outputs[0], outputs[2])


def test_generation_with_a_cache_is_the_same_text() -> None:
    register("qattn-test", k=99, method="exact", far_field="ones")
    inputs = batch("left")
    texts = [
        make("qattn-test" if search else "eager").generate(**inputs, max_new_tokens=5, do_sample=False)
        for make, search in ((decoder, True), (decoder, False))
    ]
    assert torch.equal(*texts)


def sliding(implementation, window=4):
    mistral = transformers.MistralConfig, transformers.MistralForCausalLM
    return decoder(implementation, *mistral, seed=2, sliding_window=window)


def generated(model, cache, new=5):
    """The text, and the logits of every new token."""
    with torch.no_grad():
        out = model.generate(
            **batch("left"), max_new_tokens=new, do_sample=False, cache_implementation=cache, output_logits=True,
            return_dict_in_generate=True,
        )  # fmt: skip
    return out.sequences, torch.stack(out.logits), out.past_key_values


CACHES = {"dynamic": "DynamicCache", "static": "StaticCache"}


@pytest.mark.parametrize("options", [{"method": "exact", "k": 99}, {"method": "grover", "k": 99}])
@pytest.mark.parametrize("cache", CACHES)
@pytest.mark.parametrize("make", [decoder, sliding])
def test_every_cache_of_transformers(make, cache, options) -> None:
    """Slots that are not filled yet, or have left the window, are masked: not searched, not in the far field."""
    collector = Collector(measure=False)
    register("qattn-test", far_field="ones", collector=collector, **options)
    (ours, logits, kept), (eager, wanted, _) = (generated(make(name), cache) for name in ("qattn-test", "eager"))
    assert type(kept).__name__ == CACHES[cache]
    assert torch.equal(ours, eager)
    assert torch.allclose(logits, wanted, atol=1e-4)
    last = collector.records[-len(LENGTHS) * 4 :]  # a layer's heads, at the last token
    seen = [min(length + 4, 4 if make is sliding else 99) for length in LENGTHS]
    assert [record.pairs for record in last] == list(np.repeat(seen, 4))
    assert {record.rows for record in last} == {1}


def test_a_mask_that_is_lost_is_seen(monkeypatch) -> None:
    """The null test of the one above: the empty slots of a static cache are zeros, and look like keys."""
    import qattn.integrations.transformers as ours

    register("qattn-test", far_field="ones", method="exact", k=99)
    wanted = generated(decoder("eager"), "static")[1]
    monkeypatch.setattr(ours, "_visible", lambda mask, n: None)
    assert not torch.allclose(generated(decoder("qattn-test"), "static")[1], wanted, atol=1e-4)


@pytest.mark.parametrize("cache", CACHES)
def test_a_cache_of_ones_own_that_is_cropped(cache) -> None:
    """A prompt, a guess that is taken back, and another go: as if the guess had not been."""
    register("qattn-test", far_field="linear", method="exact", k=2, samples=99)
    model, ids = decoder("qattn-test"), batch("left")["input_ids"][:1]
    made = {
        "dynamic": lambda: transformers.DynamicCache(config=model.config),
        "static": lambda: transformers.StaticCache(config=model.config, max_cache_len=16),
    }[cache]
    with torch.no_grad():
        whole = model(ids, past_key_values=made()).logits
        past = made()
        model(ids[:, :6], past_key_values=past)
        model(torch.tensor([[7, 8]]), past_key_values=past)
        past.crop(-2)
        rest = model(ids[:, 6:], past_key_values=past).logits
    assert torch.allclose(rest, whole[:, 6:], atol=1e-5)


def test_collector_holds_every_head_of_every_layer() -> None:
    collector = Collector()
    register("qattn-test", k=2, method="exact", samples=3, collector=collector)
    hidden(encoder("qattn-test"), batch())
    assert {(r.layer, r.sequence, r.head) for r in collector.records} == set(np.ndindex(2, 3, 3))
    for record in collector.records:
        length = LENGTHS[record.sequence]
        assert record.n == max(LENGTHS)
        assert record.rows == max(LENGTHS)  # padding queries see the real keys
        assert record.pairs == max(LENGTHS) * length
        assert record.mean_k == min(2, length)
        assert record.evaluations == record.rows * (length + min(3, length - 2))
        assert record.error >= 0
    assert collector.grid().shape == (2, 3)
    assert str(collector).count("layer") == 2


def test_causal_rows_search_their_prefix_only() -> None:
    collector = Collector(measure=False)
    register("qattn-test", k=3, method="exact", far_field="ones", collector=collector)
    hidden(decoder("qattn-test"), batch("left"))
    for record in collector.records:
        length = LENGTHS[record.sequence]
        assert record.rows == length
        assert record.pairs == record.evaluations == length * (length + 1) // 2
        assert record.error is None


def test_what_cannot_be_right_is_refused() -> None:
    register("qattn-test", k=2, method="exact")
    model = encoder("qattn-test")
    with pytest.raises(ValueError, match="no_grad"):
        model(**batch())
    with pytest.raises(ValueError, match="eval"), torch.no_grad():
        model.train()(**batch())
    function = transformers.AttentionInterface()["qattn-test"]
    tensor, whole = torch.zeros(1, 1, 2, 2), (torch.zeros(1, 1, 2, 2),) * 3
    with pytest.raises(ValueError, match="softcap"):
        function(model, *whole, None, softcap=5.0)
    with pytest.raises(ValueError, match="bias"):
        function(model, *whole, torch.full((1, 1, 2, 2), 0.5))
    for unknown in ({"temperature": 2.0}, {"cu_seq_lens_q": tensor}, {"attention_similarity": tensor}):
        with pytest.raises(ValueError, match=next(iter(unknown))):
            function(model, *whole, None, **unknown)
    function(model.eval(), *whole, None, temperature=None, position_ids=tensor, use_cache=True, fresh_switch=False)
    with pytest.raises(ValueError, match="sliding window of 1"):
        function(model, *whole, None, sliding_window=1)


@pytest.mark.parametrize("place", range(4))
def test_any_tensor_that_requires_grad_is_refused(place) -> None:
    register("qattn-test", k=2, method="exact")
    tensors = [torch.zeros(1, 1, 2, 2) for _ in range(4)]
    tensors[place].requires_grad_()
    with pytest.raises(
        ValueError, match=("query", "key", "value", "attention_mask")[place] + " requires grad.*no_grad"
    ):
        transformers.AttentionInterface()["qattn-test"](torch.nn.Identity(), *tensors)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("low", [-1e4, "min", float("-inf")])
def test_an_additive_mask_is_a_mask(low, dtype) -> None:
    register("qattn-test", k=1, method="exact")
    function = transformers.AttentionInterface()["qattn-test"]
    tensors = torch.randn(3, 1, 2, 5, 4, generator=torch.Generator().manual_seed(0)).to(dtype)
    seen = torch.ones(5, 5).tril().bool()
    additive = torch.zeros(5, 5, dtype=dtype).masked_fill(~seen, torch.finfo(dtype).min if low == "min" else low)
    a, b = (function(torch.nn.Identity(), *tensors, mask[None, None])[0] for mask in (additive, seen))
    assert torch.equal(a, b)


@pytest.mark.parametrize("make", [encoder, decoder])
def test_attention_maps_are_given_when_asked_for(make) -> None:
    register("qattn-test", k=99, method="exact", far_field="ones")
    with torch.no_grad():
        ours, eager = (
            make(name)(**batch("left"), output_attentions=True).attentions for name in ("qattn-test", "eager")
        )
    real = batch("left")["attention_mask"].bool()
    assert len(ours) == len(eager) == 2
    for a, b in zip(ours, eager, strict=True):
        assert torch.allclose(a.transpose(1, 2)[real], b.transpose(1, 2)[real], atol=1e-5)


def test_one_delta_a_layers_call_and_the_steps_add_up() -> None:
    from qattn import GroverStatistics

    collector = Collector(measure=False)
    register("qattn-test", k=2, delta=0.1, collector=collector, sampler=GroverStatistics())
    decoder("qattn-test").generate(**batch("left"), max_new_tokens=3, do_sample=False)
    calls = len(collector.records) // (len(LENGTHS) * 4)
    assert calls == 2 * 3  # layers and steps
    for call in range(calls):
        records = collector.records[call * 12 : call * 12 + 12]
        assert sum(record.miss_bound for record in records) <= 0.1
    assert collector.miss_bound == pytest.approx(sum(record.miss_bound for record in collector.records))
    assert f"{collector.miss_bound:.2e}" in str(collector)


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32])
def test_attend_takes_tensors_and_refuses_gradients_with_advice(dtype) -> None:
    from qattn import attend, attend_heads

    Q, K, V = torch.randn(3, 6, 4, generator=torch.Generator().manual_seed(0)).to(dtype)
    plain = attend(*(x.double().numpy() for x in (Q, K, V)), 0.1, method="exact")
    assert np.array_equal(attend(Q, K, V, 0.1, method="exact").output, plain.output)
    assert np.array_equal(attend_heads(Q, K, V, 0.1, method="exact").output, plain.output)
    K.requires_grad_()
    for call in (attend, attend_heads):
        with pytest.raises(ValueError, match=r"K requires grad.*K\.detach\(\)"):
            call(Q, K, V, 0.1, method="exact")
