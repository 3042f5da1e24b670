"""The documentation's pages: their code runs and prints what they say, and they reach every public name."""

from __future__ import annotations

import runpy
from pathlib import Path
from types import SimpleNamespace

import matplotlib
import pytest

import qattn

DOCS = Path(__file__).parent.parent / "docs"
PAGES = sorted(page for page in DOCS.rglob("*.md") if "_build" not in page.parts and page.parent.name != "tutorials")


runner = SimpleNamespace(**runpy.run_path(str(DOCS / "_extensions" / "run_pages.py")))
links = SimpleNamespace(**runpy.run_path(str(DOCS / "_extensions" / "check_links.py")))


CODE = [page for page in PAGES if "```python" in page.read_text() or "```bash" in page.read_text()]


QUICK = {"any_phase_oracle", "from_amplification_problem", "a_new_lookup", "a_new_far_field", "a_new_machine"}


def marked(page: Path) -> object:
    """Most pages count, simulate and start the shell: seconds each, for `make slow`."""
    return pytest.param(page, id=page.stem, marks=[] if page.stem in QUICK else [pytest.mark.slow])


@pytest.mark.parametrize("page", [marked(page) for page in CODE])
def test_what_a_page_shows(page: Path) -> None:
    matplotlib.use("agg")
    for module in runner.needs(page):
        pytest.importorskip(module)
    for ran in runner.run_page(page):
        assert ran.same, f"{ran.found[2]}\nprinted\n{ran.printed}\nand not\n{ran.expected}"


def test_a_page_that_is_wrong_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```python\nx = 2\n```\n\n```python\nprint(x + 1)\n```\n\n```text\n3\n```\n")
    assert [ran.same for ran in runner.run_page(page)] == [True, True]
    page.write_text(page.read_text().replace("\n3\n", "\n4\n"))
    assert [ran.same for ran in runner.run_page(page)] == [True, False]
    runner.write(page)
    assert [ran.same for ran in runner.run_page(page)] == [True, True]
    page.write_text("```python\nraise KeyError\n```\n")
    with pytest.raises(KeyError):
        list(runner.run_page(page))
    page.write_text("```bash\nqattn run nothing.npz --k 2\n```\n")
    with pytest.raises(RuntimeError, match="ended with 2"):
        list(runner.run_page(page))


def test_every_public_name_is_in_the_reference() -> None:
    text = (DOCS / "reference" / "public.rst").read_text()
    listed = {line.split("qattn.")[-1] for line in text.splitlines() if line.startswith(".. auto")}
    assert listed == set(qattn.__all__)


def test_a_link_that_leads_nowhere_is_seen(tmp_path: Path) -> None:
    complaints = links.complaints
    other = tmp_path / "b.html"
    (tmp_path / "a.html").write_text('<a href="b.html#here">b</a><a href="https://x.org">out</a><img src="c.png">')
    other.write_text('<h1 id="here">B</h1><a href="#here">up</a>')
    (tmp_path / "c.png").touch()
    assert complaints(tmp_path) == []
    other.write_text("<h1 id='here'>B</h1><p>from <code>$x</code> on, $x$ is</p>")
    assert complaints(tmp_path) == ["b.html: ' on, $x$ is' is a formula that was not read as one"]
    other.write_text('<h1 id="there">B</h1><script src="https://example.org/x.js"></script><a href="d.html">d</a>')
    assert complaints(tmp_path) == [
        "a.html: b.html#here names no place in that page",
        "b.html: d.html is not there",
        "b.html loads https://example.org/x.js",
    ]
    assert complaints(tmp_path / "nowhere") != []


def test_the_house_names_every_room() -> None:
    text = (DOCS / "explanation" / "the_house.md").read_text()
    package = Path(qattn.__file__).parent
    rooms = [path.parent.name for path in package.glob("*/__init__.py")]
    rooms += [path.stem for path in package.glob("*.py") if path.stem != "__init__"]
    assert [room for room in rooms if f"`{room}`" not in text] == []
