"""A page as a tree, read by the standard library's parser."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from html.parser import HTMLParser

_VOID = frozenset(("meta", "link", "input", "br", "hr", "img", "path", "rect", "circle"))


@dataclasses.dataclass
class Element:
    """An element with its attributes and what is inside."""

    tag: str
    attributes: dict[str, str]
    inside: list[Element | str] = dataclasses.field(default_factory=list)

    def all(self, tag: str = "", **attributes: str) -> Iterator[Element]:
        """The elements inside of this kind: `all("a", class_="brand")`; a class among several is enough."""
        for each in self.inside:
            if isinstance(each, Element):
                if (not tag or each.tag == tag) and all(each.has(name, value) for name, value in attributes.items()):
                    yield each
                yield from each.all(tag, **attributes)

    def one(self, tag: str = "", **attributes: str) -> Element:
        """The only one."""
        found = list(self.all(tag, **attributes))
        assert len(found) == 1, f"{len(found)} of {tag} {attributes}"
        return found[0]

    def has(self, name: str, value: str) -> bool:
        """Whether an attribute has this value."""
        if name == "class_":
            return value in self.attributes.get("class", "").split()
        return self.attributes.get(name.replace("_", "-")) == value

    @property
    def text(self) -> str:
        """The text inside, with single spaces."""
        return " ".join("".join(self._pieces()).split())

    def _pieces(self) -> Iterator[str]:
        for each in self.inside:
            if isinstance(each, str):
                yield each
            else:
                yield from each._pieces()


def parse(text: str) -> Element:
    """The page."""
    parser = _Parser()
    parser.feed(text)
    parser.close()
    return parser.root


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].inside.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].inside.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if any(element.tag == tag for element in self._open[1:]):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._open[-1].inside.append(data)


def links(root: Element) -> list[str]:
    """The addresses of the page's own links, each once, those inside of the page left out."""
    found = (link.attributes.get("href", "") for link in root.all("a"))
    return [address for address in dict.fromkeys(found) if not address.startswith("#")]
