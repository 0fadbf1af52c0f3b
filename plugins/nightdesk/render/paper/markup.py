"""One of our own HTML pages as a tree of elements. Only for markup that our templates made: it is well formed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser

_DRAWING = re.compile(r"(<svg\b.*?</svg>)", re.DOTALL)
_VOID = frozenset({"br", "hr", "meta", "link", "img", "input", "col", "wbr"})
#: what is read on a screen only
_UNPRINTED = frozenset({"style", "script", "template"})


@dataclass
class Element:
    """An element with its attributes and, in order, its texts and child elements."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    @cached_property
    def classes(self) -> frozenset[str]:
        """The words of its class attribute."""
        return frozenset(self.attributes.get("class", "").split())

    def elements(self) -> Iterator["Element"]:
        """Its child elements, in order."""
        return (child for child in self.children if isinstance(child, Element))

    def find(self, tag: str) -> Iterator["Element"]:
        """Every element of a tag below it, in order."""
        for child in self.elements():
            if child.tag == tag:
                yield child
            yield from child.find(tag)

    def text(self) -> str:
        """All its text, spaces folded."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child._texts()


def parsed(html: str) -> Element:
    """The page's root, an element without a tag. Raises ValueError where an element is closed that is not open."""
    reader = _Reader()
    for number, part in enumerate(_DRAWING.split(html)):
        # a drawing stays as it was written: its names have capitals, which HTML's parser folds
        if number % 2:
            reader.open[-1].children.append(Element("svg", {}, [part]))
        else:
            reader.feed(part)
    reader.close()
    if len(reader.open) > 1:
        raise ValueError(f"<{reader.open[-1].tag}> is never closed")
    return reader.open[0]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self.open[-1].tag != tag:
            raise ValueError(f"</{tag}> closes <{self.open[-1].tag}>")
        closed = self.open.pop()
        if tag in _UNPRINTED:
            closed.children.clear()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)
