"""The font of printed pages: the one of the lock, or a CJK font of the system; and what it can show."""

from functools import lru_cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from unicodedata import normalize

from fontTools.ttLib import TTCollection, TTFont
from typst import Fonts

from nightdesk.errors import PolicyError

#: the package that brings a font, and the family that is printed
_PACKAGE: Final = "noto_cjk_sans_otc"
_FAMILIES: Final = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
)
#: what a printer of Chinese sets for a character that the fount lacks
MISSING: Final = "〓"


@lru_cache(maxsize=1)
def fonts() -> Fonts:
    """The fonts that are searched: the package's where it is installed, else the system's."""
    if find_spec(_PACKAGE):
        return Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(files(_PACKAGE))])
    return Fonts(include_system_fonts=True, include_embedded_fonts=False)


@lru_cache(maxsize=1)
def family() -> str:
    """The family that pages are printed in. Raises PolicyError naming the package where no font has Chinese."""
    known = set(fonts().families())
    for name in _FAMILIES:
        if name in known:
            return name
    raise PolicyError(
        "No font with Chinese letters was found for printed pages",
        f"Install the package {_PACKAGE.replace('_', '-')} (it stands in requirements.lock), "
        f"or a system font: {', '.join(_FAMILIES)}",
    )


def shown(text: str) -> str:
    """The text in letters that the font has: others in their plain form (₂ as 2), or as MISSING."""
    there = _letters()
    lacking = {letter for letter in set(text) if ord(letter) not in there and letter != "\n"}
    return text.translate({ord(letter): _plain(letter, there) for letter in lacking}) if lacking else text


def _plain(letter: str, there: frozenset[int]) -> str:
    plain = normalize("NFKC", letter)
    return plain if plain != letter and all(ord(part) in there for part in plain) else MISSING


@lru_cache(maxsize=1)
def _letters() -> frozenset[int]:
    """The code points of the family's regular face."""
    wanted = family()
    face = next(face for face in fonts().fonts() if face.family == wanted and face.path)
    path = Path(str(face.path))
    with TTCollection(path, lazy=True) if path.suffix == ".ttc" else TTFont(path, lazy=True) as opened:
        font = opened.fonts[face.index] if isinstance(opened, TTCollection) else opened
        return frozenset(font.getBestCmap())
