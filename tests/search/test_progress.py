"""The bar over the rows."""

from __future__ import annotations

from qattn.search.progress import progress_bar


def test_a_bar_is_shown_only_when_wanted(capsys) -> None:
    for wanted in (False, True):
        with progress_bar(3, wanted) as advance:
            advance(1.5)
            advance(3)
        said = capsys.readouterr()
        assert said.out == ""
        assert ("searching 3 rows" in said.err) == wanted
