"""Docstrings are plain text to be read in a terminal; this makes reStructuredText of them.

`name` is code, and a link where it begins with `qattn.`; kets, stars and underscores are themselves; what is indented
after a blank line, outside the sections of Google style, stands as it is written.
"""

import inspect
import re
from collections.abc import Iterator

from sphinx.application import Sphinx

SECTION = re.compile(r"(Args|Attributes|Returns|Raises|Yields|Examples?|Notes?):$")
ALIAS = re.compile(r"TypeAliasForwardRef\('(\w+)'\)")
OPTION = re.compile(
    r"(?:~?typing\.)?Annotated\[(.+?), <typer\.models\.\w+ object at 0x[0-9a-f]+>\]"
)
CODE = re.compile(r"``([^`]+)``|`([^`]+)`")

_kept: dict[str, list[str]] = {}


def _escape(text: str) -> str:
    text = re.sub(r"([\\|*])", r"\\\1", text)
    return re.sub(r"(?<=\w)_(?!\w)", r"\\_", text)


def _line(text: str) -> str:
    """One line of prose, `code` apart from the rest."""
    star = re.match(r"\s*\*{1,2}(?=\w+:)", text)  # *args: in a section; napoleon sees to it
    start, text = (star[0], text[star.end() :]) if star else ("", text)
    out, end = [start], 0
    for found in CODE.finditer(text):
        name = found[1] or found[2]
        linked = re.fullmatch(r"qattn(\.\w+)+", name)
        end_of_word = r"\ " if text[found.end() : found.end() + 1].isalnum() else ""
        out += [
            _escape(text[end : found.start()]),
            f":py:obj:`{name}`" if linked else f"``{name}``",
            end_of_word,
        ]
        end = found.end()
    return "".join([*out, _escape(text[end:])])


def convert(lines: list[str]) -> Iterator[str]:
    """A docstring, line by line."""
    section = example = literal = False
    before, item = "", False  # the line above; whether a list goes on
    for text in lines:
        indent = len(text) - len(text.lstrip())
        if text.strip() and not indent:
            section, literal = bool(SECTION.match(text)), False
        if not text.strip():
            example = False
        elif text.lstrip().startswith(">>>"):
            example = True
        if (
            not section
            and indent
            and not before.strip()
            and not literal
            and not example
            and not item
        ):
            literal = True
            yield ".. code-block:: text"
            yield ""
        bullet = text.lstrip().startswith("- ")
        if bullet and before.strip() and not item:
            yield ""
        if text.strip():
            item = bullet or (item and indent > 0)
        if text in (
            "Returns:",
            "Yields:",
        ):  # prose; napoleon would take what precedes a colon for a type
            yield f":{text.lower()}"
        else:
            yield text if example or literal or SECTION.match(text) else _line(text)
        before = text


def _process(
    app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]
) -> None:
    lines[:] = list(convert(lines))
    if what in (
        "attribute",
        "data",
        "property",
    ):  # napoleon would take what precedes a colon for a type
        _kept[name] = lines[:]


def _restore(
    app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]
) -> None:
    lines[:] = _kept.pop(name, lines)


def _signature(
    app: Sphinx,
    what: str,
    name: str,
    thing: object,
    options: object,
    arguments: str | None,
    returns: str | None,
) -> tuple[str | None, ...]:
    """Aliases by their names, within other types too; the shell's options without typer's part."""
    return tuple(
        text and OPTION.sub(r"\1", ALIAS.sub(r"\1", text)) for text in (arguments, returns)
    )


def _skip(
    app: Sphinx, what: str, name: str, thing: object, skip: bool, options: object
) -> bool | None:
    """What stands under a class's Attributes already: fields of a NamedTuple, a function as a field's default."""
    default = (
        what == "class" and inspect.isfunction(thing) and "." not in thing.__qualname__
    )
    return True if default or type(thing).__name__ == "_tuplegetter" else None


def setup(app: Sphinx) -> dict[str, bool]:
    """Before napoleon reads the sections."""
    app.connect("autodoc-process-docstring", _process, priority=400)
    app.connect("autodoc-process-docstring", _restore, priority=600)
    app.connect("autodoc-process-signature", _signature)
    app.connect("autodoc-skip-member", _skip)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
