"""Models that run stock attention although another was asked for: they are told apart by their first forward."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

_HOOKS: dict[str, list[Any]] = {}  # of the names registered, as transformers keeps them for the whole process


def refuse_stock_attention(name: str) -> Callable[[], None]:
    """Make every model whose `attn_implementation` is `name` fail if its forward never calls that function.

    Returns:
        What the function has to call each time it runs.

    Cost: one `isinstance` per module and forward, by two global hooks of torch.
    """
    from torch.nn.modules import module as modules
    from transformers import PreTrainedModel

    calls = 0
    outer: list[tuple[torch.nn.Module, int]] = []

    def called() -> None:
        nonlocal calls
        calls += 1

    def enter(module: torch.nn.Module, _: Any) -> None:
        if isinstance(module, PreTrainedModel) and module.config._attn_implementation == name:
            outer.append((module, calls))

    def leave(module: torch.nn.Module, _: Any, output: Any) -> None:
        if not outer or outer[-1][0] is not module:
            return
        _, before = outer.pop()
        if output is None or outer:  # it failed by itself, or is a part of a model that is not done
            return
        if calls == before:
            raise RuntimeError(
                f'{type(module).__name__} ignores attn_implementation="{name}": stock attention ran and no head was '
                "searched. This architecture does not look up its attention by name; use one that does, such as BERT, "
                "Llama or GPT-2"
            )
        maps = getattr(output, "attentions", None)  # None when nobody asked
        if maps is not None and (not maps or any(layer is None for layer in maps)):
            warnings.warn(
                f"{type(module).__name__} passes no attention maps on; output.attentions is empty", stacklevel=2
            )

    for handle in _HOOKS.pop(name, []):
        handle.remove()
    _HOOKS[name] = [
        modules.register_module_forward_pre_hook(enter),
        modules.register_module_forward_hook(leave, always_call=True),
    ]
    return called
