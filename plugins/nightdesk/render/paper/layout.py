"""A page's elements as what reports/paper.typ prints: headings, paragraphs, lists, facts, tables, boxes, drawings.

Texts go over as data, never as markup of the typesetter: nothing that a bank's name holds can act.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeAlias

from nightdesk.render.paper.markup import Element

Node: TypeAlias = dict[str, Any]
#: a run of text: strings, and nodes that mark a part of it
Inline: TypeAlias = list[Any]

_BLOCKS: Final = frozenset(
    {"address", "article", "aside", "details", "div", "dl", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4"}
    | {"header", "main", "nav", "ol", "p", "section", "summary", "svg", "table", "ul"}
)
_HEADINGS: Final = {"h1": 1, "h2": 2, "h3": 3, "h4": 4}
_BOXES: Final = frozenset({"card", "panel", "verdict"})
_BADGES: Final = frozenset({"badge", "chip", "flag"})
_SOFT: Final = frozenset({"id", "hint", "sub", "lbl", "gap", "dated", "foot", "when", "level"})
#: prefixes of the classes that say a tone: a badge's, a card's, a verdict's
_TONES: Final = ("b-", "c-", "v-")
#: a column whose longest cell has no more letters than this keeps the width of its words
_NARROW: Final = 14
_LONGEST_COUNTED: Final = 60


def document(root: Element) -> Node:
    """What is printed of a page: `title`, `lang`, `brand` and `when` of its head line, and `blocks`.

    `tight`: set close, for a page that is one sheet of paper.
    """
    html = next(root.find("html"), root)
    title = next(root.find("title"), Element(""))
    body = next(root.find("main"), None) or next(root.find("body"), root)
    spans = {name: span.text() for span in root.find("span") for name in ("brand", "when") if name in span.classes}
    return {
        "title": title.text(),
        "lang": html.attributes.get("lang", "en"),
        "brand": spans.get("brand", ""),
        "when": spans.get("when", ""),
        "tight": "sheet" in body.classes,
        "blocks": list(_blocks(body)),
    }


def _blocks(parent: Element) -> Iterator[Node]:
    """The blocks of a container; text that stands between them is a paragraph of its own."""
    run: list[Element | str] = []
    for child in parent.children:
        if isinstance(child, str) or child.tag not in _BLOCKS:
            run.append(child)
            continue
        yield from _paragraph(run, parent)
        run = []
        yield from _block(child)
    yield from _paragraph(run, parent)


def _block(element: Element) -> Iterator[Node]:
    if _is_hidden(element):
        return
    if element.tag in _HEADINGS:
        yield {"kind": "heading", "level": _HEADINGS[element.tag], "text": _inline(element.children)}
    elif element.tag in ("ul", "ol"):
        items = [list(_blocks(item)) for item in element.elements() if item.tag == "li" and not _is_hidden(item)]
        yield {"kind": "list", "ordered": element.tag == "ol", "items": items}
    elif element.tag == "dl":
        yield {"kind": "facts", "rows": list(_facts(element)), "wide": "profile" in element.classes}
    elif element.tag == "table":
        yield _table(element)
    elif element.tag == "svg":
        yield {"kind": "drawing", "svg": element.children[0]}
    elif element.tag == "p" or not any(child.tag in _BLOCKS for child in element.elements()):
        yield from _paragraph(element.children, element)
    elif element.tag == "article" or element.classes & _BOXES:
        yield {"kind": "box", "tone": _tone(element), "blocks": list(_blocks(element))}
    else:
        yield from _blocks(element)


def _paragraph(children: Iterable[Element | str], parent: Element) -> Iterator[Node]:
    text = _inline(children)
    if text:
        yield {"kind": "paragraph", "text": text, "soft": bool(parent.classes & _SOFT)}


def _facts(parent: Element) -> Iterator[list[Any]]:
    label: Inline = []
    for child in parent.elements():
        if child.tag == "div":
            yield from _facts(child)
        elif child.tag == "dt":
            label = _inline(child.children)
        elif child.tag == "dd":
            yield [label, list(_blocks(child))]


def _table(element: Element) -> Node:
    head = {id(row) for part in element.find("thead") for row in part.find("tr")}
    rows = [
        (id(row) in head, [_cell(cell) for cell in row.elements() if cell.tag in ("td", "th")])
        for row in element.find("tr")
    ]
    caption = next(element.find("caption"), None)
    return {
        "kind": "table",
        "caption": caption.text() if caption else "",
        "widths": _widths([cells for _, cells in rows]),
        "head": [cells for is_head, cells in rows if is_head],
        "body": [cells for is_head, cells in rows if not is_head],
    }


def _cell(cell: Element) -> Node:
    return {
        "blocks": list(_blocks(cell)),
        "strong": cell.tag == "th",
        "right": "num" in cell.classes,
        "span": int(cell.attributes.get("colspan") or 1),
        "down": int(cell.attributes.get("rowspan") or 1),
        "length": _length(cell.text()),
    }


def _length(text: str) -> int:
    """How wide a text is, in narrow letters: a Chinese one is two."""
    return sum(1 if ord(letter) < 0x2E80 else 2 for letter in text)


def _widths(rows: list[list[Node]]) -> list[int]:
    """A column's share of the width, 0 where it keeps that of its words."""
    longest: dict[int, int] = {}
    for row in rows:
        place = 0
        for cell in row:
            if cell["span"] == 1:
                longest[place] = max(longest.get(place, 0), cell["length"])
            place += cell["span"]
    count = max((sum(cell["span"] for cell in row) for row in rows), default=0)
    shares = [min(longest.get(place, 0), _LONGEST_COUNTED) for place in range(count)]
    return [0 if share <= _NARROW else share for share in shares]


def _inline(children: Iterable[Element | str]) -> Inline:
    """Text with its marks, spaces folded as a browser folds them."""
    parts = list(_parts(children))
    folded: Inline = []
    for part in parts:
        if not isinstance(part, str):
            if folded and part["kind"] == "badge" and not _ends_in_space(folded[-1]):
                folded.append(" ")
            folded.append(part)
            continue
        text = (" " if part[:1].isspace() else "") + " ".join(part.split())
        text += " " if part[-1:].isspace() and text.strip() else ""
        if not folded or _ends_in_space(folded[-1]):
            text = text.lstrip(" ")
        if text:
            folded.append(text)
    if folded and isinstance(folded[-1], str):
        folded[-1] = folded[-1].rstrip()
        if not folded[-1]:
            folded.pop()
    return folded


def _ends_in_space(part: Any) -> bool:
    return isinstance(part, str) and part.endswith(" ")


def _parts(children: Iterable[Element | str]) -> Iterator[Any]:
    for child in children:
        if isinstance(child, str):
            yield child
        elif child.tag == "br":
            yield {"kind": "break"}
        elif not _is_hidden(child):
            kind = _mark(child)
            if kind is None:
                yield from _parts(child.children)
            elif text := _inline(child.children):
                yield {"kind": kind, "tone": _tone(child), "text": text}


def _mark(element: Element) -> str | None:
    if element.classes & _BADGES:
        return "badge"
    if element.tag in ("b", "strong", "th"):
        return "strong"
    return "soft" if element.classes & _SOFT or element.tag == "small" else None


def _tone(element: Element) -> str:
    """The tone that its classes name, or none."""
    named = (name.removeprefix(prefix) for name in sorted(element.classes) for prefix in _TONES if name[:2] == prefix)
    return next(named, "")


def _is_hidden(element: Element) -> bool:
    return element.attributes.get("aria-hidden") == "true" or bool(element.classes & {"skip", "unprinted"})
