"""Text of the bank's as text on a page: nothing in it turns the line around, beeps, hides, or fills the page."""

from unicodedata import category

#: what a page shows of one text of the bank's; longer ones end in an ellipsis
LONGEST_SHOWN = 400
#: what a page shows of a name
LONGEST_NAME = 60
#: controls, formats (bidirectional marks among them) and lone surrogates
_ACTIVE = frozenset({"Cc", "Cf", "Cs"})
#: joiners, without which some scripts cannot be written; and what lays a text out
_HARMLESS = frozenset("\u200c\u200d\n\t")


def inert(text: str) -> str:
    """The text without characters that act instead of being read."""
    if text.isprintable():
        return text
    active = _active(text)
    return text.translate(dict.fromkeys(map(ord, active))) if active else text


def escaped(document: str) -> str:
    """A JSON document whose texts have escapes in place of such characters: inert to look at, the same to read."""
    return document.translate({ord(letter): _escape(letter) for letter in _active(document)})


def _active(text: str) -> set[str]:
    """The characters of a text that act."""
    if text.isprintable():
        return set()
    return {letter for letter in set(text) - _HARMLESS if category(letter) in _ACTIVE}


def _escape(letter: str) -> str:
    units = letter.encode("utf-16-be", errors="surrogatepass")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))


def cut(text: str, longest: int = LONGEST_SHOWN) -> str:
    """The text, or its head and an ellipsis where it is longer than what is shown."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
