"""A page's elements as what is printed: which are blocks, boxes, cells and marks, and what stays off the paper."""

from typing import Any

import pytest

from nightdesk.render.paper.layout import document
from nightdesk.render.paper.markup import parsed


def blocks(body: str) -> list[dict[str, Any]]:
    """What is printed of a page's main part."""
    found: list[dict[str, Any]] = document(parsed(f"<html><body><main>{body}</main></body></html>"))["blocks"]
    return found


def text(*parts: Any, soft: bool = False) -> dict[str, Any]:
    return {"kind": "paragraph", "text": list(parts), "soft": soft}


def mark(kind: str, said: str, tone: str = "") -> dict[str, Any]:
    return {"kind": kind, "tone": tone, "text": [said]}


def test_given_a_page_then_its_head_line_and_whether_it_is_one_sheet_are_told() -> None:
    head = '<html lang="zh-CN"><head><title>晨单</title></head><body>'
    line = '<span class="brand">N</span><span class="when">31</span>'
    page = f'{head}{line}<main class="sheet"><p>a</p></main></body></html>'
    assert document(parsed(page)) == {
        "title": "晨单", "lang": "zh-CN", "brand": "N", "when": "31", "tight": True, "blocks": [text("a")],
    }  # fmt: skip
    bare = document(parsed("<body><p>a</p></body>"))
    assert (bare["title"], bare["lang"], bare["brand"], bare["when"], bare["tight"]) == ("", "en", "", "", False)
    assert bare["blocks"] == [text("a")]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("a <b>b</b><p>c</p>d", [text("a ", mark("strong", "b")), text("c"), text("d")]),
        ("<p></p><p> </p>", []),
        ("<p>a <span>b</span></p>", [text("a ", "b")]),
        ("<div>a</div>", [text("a")]),
        ('<div class="hint">a</div>', [text("a", soft=True)]),
        ("<div>a<p>b</p></div>", [text("a"), text("b")]),
        ("<p>a <div>b</div></p>", [text("a ", "b")]),
        (
            "<h1>a</h1><h4>b</h4>",
            [{"kind": "heading", "level": 1, "text": ["a"]}, {"kind": "heading", "level": 4, "text": ["b"]}],
        ),
        (
            '<article class="c-red"><p>a</p></article>',
            [{"kind": "box", "tone": "red", "blocks": [text("a")]}],
        ),
        ('<div class="panel"><p>a</p></div>', [{"kind": "box", "tone": "", "blocks": [text("a")]}]),
        ("<section><p>a</p></section>", [text("a")]),
        (
            "<ol><li>a</li><li>b<p>c</p></li></ol>",
            [{"kind": "list", "ordered": True, "items": [[text("a")], [text("b"), text("c")]]}],
        ),
        (
            '<ul><li aria-hidden="true">a</li><li>b</li></ul>',
            [{"kind": "list", "ordered": False, "items": [[text("b")]]}],
        ),
        (
            '<dl class="profile"><div><dt>a</dt><dd>b</dd></div><dt>c</dt><dd>d</dd></dl>',
            [{"kind": "facts", "wide": True, "rows": [[["a"], [text("b")]], [["c"], [text("d")]]]}],
        ),
        ('<p class="skip">a</p><div class="unprinted"><p>b</p></div><p aria-hidden="true">c</p>', []),
        ('<p>a <span class="unprinted">b</span>c</p>', [text("a ", "c")]),
    ],
)
def test_given_elements_then_each_is_printed_as_what_it_is(body: str, found: list[Any]) -> None:
    assert blocks(body) == found


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ("  a\n  b  ", ["a b"]),
        ("a<br>b", ["a", {"kind": "break"}, "b"]),
        ("a <b> b </b> c", ["a ", mark("strong", "b"), " c"]),
        # what a browser sets apart by its padding is set apart by a blank
        ('a<span class="badge b-amber x">b</span>', ["a", " ", mark("badge", "b", "amber")]),
        ('a <span class="chip">b</span>', ["a ", mark("badge", "b")]),
        ('<span class="flag v-red">b</span>', [mark("badge", "b", "red")]),
        ('<small>a</small><span class="sub">b</span>', [mark("soft", "a"), mark("soft", "b")]),
        ("<b></b>a", ["a"]),
        ('<span class="bx-red">a</span>', ["a"]),
    ],
)
def test_given_text_then_its_marks_and_tones_stay_and_its_blanks_are_folded(body: str, parts: list[Any]) -> None:
    assert blocks(f"<p>{body}</p>") == [text(*parts)]


def test_given_a_table_then_its_cells_say_how_far_they_reach_and_its_columns_how_wide_they_are() -> None:
    (table,) = blocks(
        "<table><caption>t</caption><thead><tr><th>a</th><th colspan='2'>a heading of two columns</th></tr></thead>"
        "<tbody><tr><td class='num'>1</td><td>十五个汉字宽</td><td rowspan='2'>fourteen letter</td></tr>"
        f"<tr><td>1</td><td>{'x' * 61}</td></tr></tbody></table>"
    )
    assert table["caption"] == "t"
    assert [[cell["span"] for cell in row] for row in table["head"]] == [[1, 2]]
    assert [cell["strong"] for row in table["head"] for cell in row] == [True, True]
    first, second = table["body"]
    assert [(cell["right"], cell["down"], cell["length"]) for cell in first] == [
        (True, 1, 1),
        (False, 1, 12),
        (False, 2, 15),
    ]
    assert [cell["length"] for cell in second] == [1, 61]
    # of a cell that reaches over columns none is wide; narrow ones keep the width of their words, long ones are cut
    assert table["widths"] == [0, 60, 15]
    (narrow,) = blocks(f"<table><tr><td>{'x' * 14}</td><td>{'x' * 15}</td></tr></table>")
    assert narrow["widths"] == [0, 15]
    assert blocks("<table></table>")[0]["widths"] == []
