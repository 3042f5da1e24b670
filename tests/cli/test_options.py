"""The options of the shell: what it completes is what the library takes."""

from pathlib import Path

import click
import numpy as np
import pytest
import typer

from qattn import attend
from qattn.cli import options
from qattn.cli.run import app
from qattn.data import bundled
from qattn.lookups import get as lookup
from qattn.oracles import families

ONE = np.ones((2, 2))


def completions(option: str, incomplete: str, **given: object) -> list[str]:
    """What the shell offers for an option of `qattn run`."""
    command = typer.main.get_command(app).commands["run"]
    context = click.Context(command)
    context.params.update(given)
    [parameter] = [p for p in command.params if option in p.opts]
    return [item.value for item in parameter.shell_complete(context, incomplete)]


def test_completions_begin_with_what_was_typed() -> None:
    assert completions("--method", "") == list(options.METHODS)
    assert completions("--method", "ha") == ["halfspace"]
    assert completions("--far-field", "x") == []


def test_heads_are_those_of_the_file_and_none_without_one(tmp_path: Path) -> None:
    heads = completions("--head", "", file=bundled(16))
    assert "L4H2" in heads
    assert completions("--head", "L4", file=bundled(16)) == [head for head in heads if head.startswith("L4")]
    assert completions("--head", "") == []
    assert completions("--head", "", file=tmp_path / "absent.npz") == []
    (tmp_path / "text.npz").write_text("not arrays")
    assert completions("--head", "", file=tmp_path / "text.npz") == []


def test_every_value_that_is_offered_is_taken() -> None:
    for method in options.METHODS:
        for field in options.FAR_FIELDS:
            assert attend(ONE, ONE, ONE, 1.0, method=method, far_field=field, seed=0).method == method
    for name in options.ORACLES:
        assert callable(families.get(name))
    for name in options.LOOKUPS:
        if name != "qram":  # a bill, not a circuit
            assert lookup(name)


@pytest.mark.parametrize("option", ["method", "far_field", "oracle"])
def test_no_value_that_is_not_offered_is_taken(option: str) -> None:
    with pytest.raises(ValueError, match="choose one of") as refused:
        attend(ONE, ONE, ONE, 1.0, **{option: "magic"})
    values = {"method": options.METHODS, "far_field": options.FAR_FIELDS, "oracle": options.ORACLES}[option]
    assert all(value in str(refused.value) for value in values)
