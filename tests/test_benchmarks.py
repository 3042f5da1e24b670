"""Every benchmark loads: what it imports and the options it takes are there, whatever moved."""

import importlib.util
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "benchmarks"
SCRIPTS = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "common")


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_benchmark_loads_and_explains_itself(name, monkeypatch, capsys) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))
    before = set(sys.modules)
    spec = importlib.util.spec_from_file_location(f"benchmark_{name}", FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except ModuleNotFoundError as error:
        if not (error.name or "qattn").startswith(("qattn", "promises", "baselines", "common")):
            pytest.skip(f"needs {error.name}")
        raise
    finally:
        for loaded in set(sys.modules) - before:
            if loaded.split(".")[0] in ("promises", "baselines", "common", *SCRIPTS, spec.name):
                del sys.modules[loaded]
    assert module.__doc__
    if hasattr(module, "main"):
        monkeypatch.setattr(sys, "argv", [f"{name}.py", "--help"])
        with pytest.raises(SystemExit) as stopped:
            module.main()
        assert stopped.value.code == 0
        assert "usage" in capsys.readouterr().out


@pytest.fixture
def budget(monkeypatch):
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    monkeypatch.syspath_prepend(str(FOLDER))
    from baselines import budget

    yield budget
    for loaded in [name for name in sys.modules if name.split(".")[0] == "baselines"]:
        del sys.modules[loaded]


@pytest.mark.parametrize(
    ("way", "read"), [("window", [7, 8, 9]), ("sinks + window", [0, 8, 9]), ("top-k", [1, 4, 6]), ("random", None)]
)
def test_a_row_reads_its_budget_and_nothing_else(budget, way, read) -> None:
    import torch

    scores = torch.full((10,), -1.0)
    scores[[1, 4, 6]] = 2.0
    query, key = torch.ones(1, 1, 10, 1), scores.reshape(1, 1, 10, 1)
    seen = torch.ones(10, 10).tril().bool()[None, None]
    weights, _ = budget.chosen_keys(way, 3, 0)(None, query, key, torch.eye(10)[None, None], seen, scaling=1.0)
    weights = weights[0, :, 0]
    assert torch.equal((weights > 0).sum(-1), torch.arange(1, 11).clamp(max=3))
    assert torch.allclose(weights.sum(-1), torch.ones(10))
    assert not weights.triu(1).any()
    if read is not None:
        assert torch.nonzero(weights[-1]).ravel().tolist() == read
        exact = torch.softmax(scores[read].double(), 0)
        assert torch.allclose(weights[-1][read].double(), exact)


def test_every_way_is_exact_with_a_budget_of_all_keys_and_the_far_fields_are_not_with_less(budget) -> None:
    import torch
    import transformers

    torch.manual_seed(1)
    config = transformers.LlamaConfig(
        vocab_size=50, hidden_size=24, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        intermediate_size=16, max_position_embeddings=64, pad_token_id=0,
    )  # fmt: skip
    model, ids = transformers.LlamaForCausalLM(config).eval(), torch.arange(1, 13)[None]

    def hidden(way, keys):
        budget.install(model, way, keys)
        with torch.no_grad():
            return model(input_ids=ids, use_cache=False).logits[0]

    exact = hidden("exact", 12)
    for way in (*budget.WAYS, *budget.CHECKS):
        assert torch.allclose(hidden(way, 12), exact, atol=1e-5), way
    assert torch.allclose(hidden("top-k by qattn", 4), hidden("top-k", 4), atol=1e-5)
    for way in budget.WAYS:
        few = hidden(way, 4)
        assert torch.allclose(few[:4], exact[:4], atol=1e-5), way  # rows that see no more than the budget
        assert not torch.allclose(few[4:], exact[4:], atol=1e-4), way
