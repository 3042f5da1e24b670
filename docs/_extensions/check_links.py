"""Every link within the built site leads somewhere, to the very heading; no page loads anything from elsewhere.

A dollar sign in the text, outside of code, is a formula that was broken, and is told too.

`python docs/_extensions/check_links.py docs/_build/html` prints what does not, and exits with 1.
"""

import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADS = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "src"}
NOT_LOADED = {
    "canonical",
    "index",
    "search",
    "next",
    "prev",
    "author",
    "copyright",
}  # <link>s that only name a page


AS_WRITTEN = {"code", "pre", "script", "style", "title"}


@dataclass
class Page(HTMLParser):
    """What a page names (anchors), links to, and loads; and what of its text still holds a dollar sign."""

    anchors: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    dollars: list[str] = field(default_factory=list)
    inside: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def handle_data(self, data: str) -> None:
        """Take note of dollar signs in the text."""
        if "$" in data and not self.inside:
            self.dollars.append(data[:60])

    def handle_endtag(self, tag: str) -> None:
        """Leave a block of code."""
        self.inside -= tag in AS_WRITTEN

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Take note of ids, hrefs and sources."""
        self.inside += tag in AS_WRITTEN
        values = {name: value for name, value in attributes if value}
        self.anchors |= {values[name] for name in ("id", "name") if name in values}
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif tag in LOADS and LOADS[tag] in values:
            named = tag == "link" and values.get("rel") in NOT_LOADED
            (self.links if named else self.loads).append(values[LOADS[tag]])


def read(path: Path) -> Page:
    """The page in a file."""
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def complaints(site: Path) -> list[str]:
    """What is wrong, one line each."""
    site = site.resolve()
    pages = {path: read(path) for path in sorted(site.rglob("*.html"))}
    found = []
    for path, page in pages.items():
        name = path.relative_to(site)
        found += [
            f"{name}: {text!r} is a formula that was not read as one"
            for text in page.dollars
        ]
        for link in page.links + page.loads:
            parts = urlsplit(link)
            if parts.scheme == "data" or (parts.scheme and link in page.links):
                continue
            if parts.scheme or parts.netloc:
                found.append(f"{name} loads {link}")
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.is_file():
                found.append(f"{name}: {link} is not there")
            elif (
                parts.fragment
                and target in pages
                and unquote(parts.fragment) not in pages[target].anchors
            ):
                found.append(f"{name}: {link} names no place in that page")
    return found if pages else [f"{site} holds no page"]


if __name__ == "__main__":
    wrong = complaints(Path(sys.argv[1]))
    print(
        "\n".join(wrong)
        or "all links of the site lead somewhere, nothing is loaded from elsewhere, no formula is broken"
    )
    sys.exit(bool(wrong))
