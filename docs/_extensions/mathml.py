"""Formulas as MathML, by docutils: browsers draw it themselves, without a script, a font or a request."""

import re

from docutils import nodes
from docutils.utils.math import MathError, latex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)

# What docutils does not know, as what it does; an unknown command stops the build.
OTHERWISE = (
    (r"\\iff\b", r"\\;\\Longleftrightarrow\\;"),
    (r"\\implies\b", r"\\;\\Longrightarrow\\;"),
    (r"\\[bB]igg?[lrm]?(?![a-zA-Z])", ""),
    (r"\\middle(?![a-zA-Z])", ""),
    (r"\\dots(?![a-zA-Z])", r"\\ldots"),
    (r"\\stackrel(?![a-zA-Z])", r"\\overset"),
    (r"\\texttt(?![a-zA-Z])", r"\\mathtt"),
    (r"\\lt(?![a-zA-Z])", "<"),
    (r"\\gt(?![a-zA-Z])", ">"),
    (r"\{align(\*?)\}", "{aligned}"),
    (r"\\tag\{([^{}]*)\}", r"\\qquad(\1)"),
    (r"\\braket\{([^{}]*)\}", r"\\langle \1\\rangle"),
    (r"\\ket\{([^{}]*)\}", r"|\1\\rangle"),
    (r"\\bra\{([^{}]*)\}", r"\\langle \1|"),
    (r"\\[td]frac(?![a-zA-Z])", r"\\frac"),
    (r"\\frac\s*(\d)(\d)", r"\\frac{\1}{\2}"),
    (r"\\frac\s*(\\[a-z]+)\s*(\d)", r"\\frac{\1}{\2}"),
)


def _write(translator: HTML5Translator, node: nodes.Element, *, block: bool) -> None:
    text = node.astext().strip()
    for pattern, replacement in OTHERWISE:
        text = re.sub(pattern, replacement, text)
    if block and ("\\\\" in text or "&" in text) and "\\begin{" not in text:
        text = rf"\begin{{aligned}}{text}\end{{aligned}}"
    try:
        drawn = latex2mathml.tex2mathml(text, as_block=block)
    except MathError as error:
        logger.warning("formula %r: %s", text, error, location=node)
        drawn = translator.encode(text)
    drawn = drawn.replace(
        "<mo>|</mo>", '<mo lspace="0" rspace="0" stretchy="false">|</mo>'
    )  # a ket, not "such that"
    translator.body.append(f'<div class="math">{drawn}</div>' if block else drawn)
    raise nodes.SkipNode


def inline(translator: HTML5Translator, node: nodes.Element) -> None:
    """A formula within a line."""
    _write(translator, node, block=False)


def display(translator: HTML5Translator, node: nodes.Element) -> None:
    """A formula on a line of its own."""
    _write(translator, node, block=True)


def setup(app: Sphinx) -> dict[str, bool]:
    """For `html_math_renderer = "mathml"`."""
    app.add_html_math_renderer(
        "mathml", inline_renderers=(inline, None), block_renderers=(display, None)
    )
    return {"parallel_read_safe": True, "parallel_write_safe": True}
