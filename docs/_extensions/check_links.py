"""Every link within the built site leads somewhere, to the very heading, and no page loads anything from elsewhere.

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


@dataclass
class Page(HTMLParser):
    """What a page names (anchors), links to, and loads."""

    anchors: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Take note of ids, hrefs and sources."""
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
        or "all links of the site lead somewhere, and nothing is loaded from elsewhere"
    )
    sys.exit(bool(wrong))
