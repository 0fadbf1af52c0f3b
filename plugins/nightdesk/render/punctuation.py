"""Punctuation as Chinese readers expect it: the published sentences carry ASCII marks, which programs compare."""

import re

from nightdesk.render.catalogue import Catalogue

#: what stands in a number, a time of day or between two Latin words stays
_MARKS = {
    re.compile(r"(?<!\d),|,(?!\d)"): "，",
    re.compile(r"(?<![\d\w]):|:(?![\d/\\\w])|(?<=[\u3400-\u9fff]):"): "：",
    re.compile(r";"): "；",
    re.compile(r"\("): "（",
    re.compile(r"\)"): "）",
}
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def full_width(text: str, t: Catalogue) -> str:
    """A sentence of the language of `t`: in a Chinese one, commas, semicolons, colons and brackets are full-width."""
    if t.language != "zh_CN" or not _CHINESE.search(text):
        return text
    for mark, wide in _MARKS.items():
        text = mark.sub(wide, text)
    return text
