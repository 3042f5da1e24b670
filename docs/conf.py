"""How Sphinx builds the documentation: `make docs`. Nothing is fetched, neither now nor by a page that is read."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_extensions"))

import pages  # noqa: E402  (docs/_extensions)
import qattn  # noqa: E402

project = "qattn"
author = copyright = "The qattn developers"
release = version = qattn.__version__
html_title = f"qattn {release}"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "qiskit_sphinx_theme",
    "plain_docstrings",
    "mathml",
]
exclude_patterns = ["_build", "_extensions", "_templates"]
templates_path = ["_templates"]
html_theme = "qiskit-ecosystem"
html_static_path = ["_static"]
html_css_files = ["qattn.css"]
html_show_sourcelink = False
html_math_renderer = "mathml"

# The lectures come from notebooks/ with the outputs that are stored in them.
nb_execution_mode = "off"
nb_merge_streams = True
pages.copy_lectures(HERE.parent / "notebooks", HERE / "tutorials")
pages.write_rooms(Path(qattn.__file__).parent, HERE / "reference")
pages.write_shell(HERE / "reference" / "shell.md")

myst_enable_extensions = ["dollarmath", "amsmath", "colon_fence", "deflist"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header", "config.cache"]

smartquotes_action = "D"  # dashes alone: "grover" in straight quotes is what one types
napoleon_use_ivar = True
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "ignore-module-all": True}
autodoc_preserve_defaults = True
autodoc_type_aliases = {
    name: name for name in ("ArrayLike", "Bits", "Floats", "Indices", "Integers", "Seed")
}
python_maximum_signature_line_length = 100
add_module_names = False
toc_object_entries = False
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

# Every reference of ours must resolve; those to other packages would need their inventories from the network.
nitpicky = True
nitpick_ignore_regex = [
    (r"py:(class|obj|exc|data|attr)", r"(?!qattn\.).*"),
    (r"py:(class|obj)", r"qattn\..*\.(T|Task|Answer)"),  # type variables
]
