"""Models that run stock attention although another was asked for fail at their first forward."""

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


SIZES = dict(  # noqa: C408
    vocab_size=50, hidden_size=24, num_hidden_layers=1, num_attention_heads=3, intermediate_size=16,
    max_position_embeddings=32,
)  # fmt: skip
OTHER = dict(vocab_size=50, d_model=24, n_head=3, n_heads=3, n_layer=1, n_layers=1, d_inner=16, max_seq_len=32)  # noqa: C408
STOCK = {
    "MPNet": SIZES, "DebertaV2": SIZES, "RoFormer": SIZES, "BigBird": SIZES | {"attention_type": "original_full"},
    "XLNet": OTHER, "Mpt": OTHER, "Funnel": OTHER | {"d_head": 8, "block_sizes": [1, 1]},
    "Bloom": {"vocab_size": 50, "hidden_size": 24, "n_layer": 1, "n_head": 3},
}  # fmt: skip


def ask(family, sizes, name="qattn-test"):
    config = getattr(transformers, family + "Config")(**sizes)
    config._attn_implementation = name
    return getattr(transformers, family + "Model")(config).eval()


@pytest.mark.parametrize("family", STOCK)
def test_a_model_that_ignores_the_name_fails_at_its_first_forward(family) -> None:
    collector = Collector()
    register("qattn-test", k=2, method="exact", collector=collector)
    model, ids = ask(family, STOCK[family]), batch()["input_ids"]
    for _ in range(2):
        with pytest.raises(RuntimeError, match=f"{family}Model ignores attn_implementation"), torch.no_grad():
            model(input_ids=ids)
    assert not collector.records
    assert "no head has been searched" in str(collector)
    with torch.no_grad():
        ask(family, STOCK[family], "eager")(input_ids=ids)


def test_models_beside_and_failures_inside_are_left_alone() -> None:
    register("qattn-test", k=2, method="exact")
    hidden(encoder("eager"), batch())
    model = encoder("qattn-test")
    with pytest.raises(IndexError), torch.no_grad():
        model(input_ids=torch.full((1, 2), 99))
    hidden(model, batch())
